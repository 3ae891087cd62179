package import Accounts
package import JOSE
import Web

/// What the refresh of sessions' tokens is done with.
package struct RefreshSettings: Sendable {
    let providers: [SignInProvider]
    /// Seconds that a session goes on while its provider cannot be asked.
    let grace: Int64
    /// How long the one request waits that begins a refresh whose outcome has to reach its browser.
    let patience: Duration
    /// Why somebody may no longer be signed in, by their newest claims and the provider's `id`; `nil`: they may.
    let objection: @Sendable (Identity, String) -> String?
    private let audit: AuditLog
    private let randomness: Randomness

    package init(
        providers: [SignInProvider], grace: Int64, audit: AuditLog, randomness: Randomness,
        patience: Duration = .seconds(2),
        objection: (@Sendable (Identity, String) -> String?)? = nil
    ) {
        self.providers = providers
        self.grace = grace
        self.patience = patience
        self.audit = audit
        self.randomness = randomness
        self.objection = objection ?? { Self.objection(to: $0, at: $1, providers) }
    }

    /// What would refuse a sign-in ends a session too. A list that cannot be read says nothing about anybody.
    private static func objection(to identity: Identity, at providerID: String, _ providers: [SignInProvider]) -> String? {
        if identity.hasUnverifiedEmail { return "the provider says that the e-mail address is not verified" }
        let provider = providers.first { sameBytes($0.id, providerID) }
        return provider?.admission.outcome(for: identity) == .refused ? "no longer admitted to sign in" : nil
    }

    /// Seconds between two tries.
    var retryInterval: Int64 { min(30, max(1, grace / 10)) }

    func record(_ kind: AuditEvent.Kind, _ session: Session, reason: String) {
        let event = AuditEvent(kind: kind, reference: Reference(randomness: randomness), reason: reason)
        audit.record(event.about(session.identity))
    }
}
