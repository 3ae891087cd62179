package import Instruments

/// Counts audit events by kind, and the sign-ins among them by how they ended.
package struct AuditMeter: Sendable {
    private let events: EventCounter
    private let signIns: EventCounter
    private let role: String

    private init(_ events: EventCounter, _ signIns: EventCounter, role: String) {
        self.events = events
        self.signIns = signIns
        self.role = role
    }

    /// - Parameter role: `auth-service` or `provider`.
    package init(role: String) {
        self.init(
            EventCounter("gatehouse_audit_events_total", "Lines of the audit log.", labels: ["role", "event"]),
            EventCounter(
                "gatehouse_sign_ins_total",
                "Sign-ins that have ended: at the provider with a password, at the auth service with a session.",
                labels: ["role", "outcome"]),
            role: role)
    }

    /// The same counters for another role.
    package func of(_ role: String) -> AuditMeter { AuditMeter(events, signIns, role: role) }

    func count(_ kind: AuditEvent.Kind) {
        events.add(role, kind.rawValue)
        switch kind {
        case .signIn: signIns.add(role, "succeeded")
        case .signInFailed: signIns.add(role, "failed")
        case .signOut, .consent, .refusal, .tokenIssued, .tokenRefused, .revocation, .refreshFailed, .keyRotation,
            .clientRegistered, .passwordChanged, .userChanged, .secondFactorEnrolled, .secondFactorUsed, .secondFactorRefused,
            .secondFactorChanged, .secondFactorReset, .clientChanged, .connectorChanged:
            break
        }
    }

    package var families: [MetricFamily] { [events.family, signIns.family] }
}
