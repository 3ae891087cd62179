package import Accounts
package import JOSE

/// What the refresh of sessions' tokens is done with.
package struct RefreshSettings: Sendable {
    let providers: [SignInProvider]
    /// Seconds that a session goes on while its provider cannot be asked.
    let grace: Int64
    /// Why somebody may no longer be signed in, by their newest claims and the provider's `id`; `nil`: they may.
    let objection: @Sendable (Identity, String) -> String?
    private let audit: AuditLog
    private let randomness: Randomness

    package init(
        providers: [SignInProvider], grace: Int64, audit: AuditLog, randomness: Randomness,
        objection: @escaping @Sendable (Identity, String) -> String? = { identity, _ in
            identity.hasUnverifiedEmail ? "the provider says that the e-mail address is not verified" : nil
        }
    ) {
        self.providers = providers
        self.grace = grace
        self.audit = audit
        self.randomness = randomness
        self.objection = objection
    }

    /// Seconds between two tries.
    var retryInterval: Int64 { min(30, max(1, grace / 10)) }

    func record(_ kind: AuditEvent.Kind, _ session: Session, reason: String) {
        let event = AuditEvent(kind: kind, reference: Reference(randomness: randomness), reason: reason)
        audit.record(event.about(session.identity))
    }
}
