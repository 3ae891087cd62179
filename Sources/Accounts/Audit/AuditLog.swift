package import Logging

/// Writes audit events: one log line each under the label `gatehouse.audit`.
package struct AuditLog: Sendable {
    private let logger: Logger
    private let meter: AuditMeter?

    /// - Parameter meter: nil: nothing is counted.
    package init(logger: Logger, meter: AuditMeter? = nil) {
        self.logger = logger
        self.meter = meter
    }

    package func record(_ event: AuditEvent) {
        meter?.count(event.kind)
        let details: [(String, String?)] = [
            ("event", event.kind.rawValue), ("reference", event.reference.text), ("reason", event.reason),
            ("issuer", event.issuer), ("subject", event.subject), ("email", event.email), ("client", event.client),
            ("connector", event.connector),
            ("client_address", event.clientAddress), ("request_id", event.requestID), ("rule", event.rule),
        ]
        var metadata: Logger.Metadata = [:]
        for case (let name, let value?) in details where !value.isEmpty { metadata[name] = .string(value) }
        logger.notice("audit", metadata: metadata)
    }
}
