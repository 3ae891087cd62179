package import Logging

/// Writes audit events: one log line each under the label `gatehouse.audit`.
package struct AuditLog: Sendable {
    private let logger: Logger

    package init(logger: Logger) { self.logger = logger }

    package func record(_ event: AuditEvent) {
        let details: [(String, String?)] = [
            ("event", event.kind.rawValue), ("reference", event.reference.text), ("reason", event.reason),
            ("issuer", event.issuer), ("subject", event.subject), ("email", event.email), ("client", event.client),
            ("client_address", event.clientAddress), ("request_id", event.requestID), ("rule", event.rule),
        ]
        var metadata: Logger.Metadata = [:]
        for case (let name, let value?) in details where !value.isEmpty { metadata[name] = .string(value) }
        logger.notice("audit", metadata: metadata)
    }
}
