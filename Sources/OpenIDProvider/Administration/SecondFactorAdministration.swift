import Accounts
package import JOSE
import Web

/// People's second factors, for those who administer the provider: seen, and taken away from somebody who has lost theirs.
package struct SecondFactorAdministration: Sendable {
    /// One factor, without anything that a code could be made of.
    package struct Entry: Sendable {
        package let id: String
        package let kind: SecondFactor.Kind
        package let label: String
        package let createdAt: UnixTime
        package let lastUsedAt: UnixTime?
        /// Of recovery codes: how many are left.
        package let left: Int?
    }

    private let issuer: Issuer

    init(issuer: Issuer) { self.issuer = issuer }

    package func list(_ account: SecondFactorAccount) async throws(ProviderStoreFailure) -> [Entry] {
        try await issuer.secondFactors.secondFactors(of: account).map { factor in
            Entry(
                id: factor.id, kind: factor.kind, label: factor.label, createdAt: factor.createdAt,
                lastUsedAt: factor.lastUsedAt, left: factor.kind == .recoveryCodes ? RecoveryCodes.left(factor) : nil)
        }
    }

    /// Whoever has this subject and at least one factor: how people of directories and upstreams are named.
    package func account(subject: String) async throws(ProviderStoreFailure) -> SecondFactorAccount? {
        try await issuer.secondFactors.secondFactors(ofSubject: subject).first?.account
    }

    /// Takes all away and signs the person out everywhere: whoever has used them may be somebody else.
    /// - Returns: how many there were.
    package func reset(_ account: SecondFactorAccount) async throws(ProviderStoreFailure) -> Int {
        let count = try await issuer.secondFactors.removeSecondFactors(of: account)
        guard count > 0 else { return 0 }
        let reason = "an administrator reset the second factors"
        try await SSOSignOut(issuer: issuer).endAll(ofSubject: account.subject, reason: reason)
        let event = AuditEvent(kind: .secondFactorReset, reference: Reference(randomness: issuer.randomness), reason: reason)
        issuer.audit.record(
            event.about(Identity(issuer: issuer.settings.issuer, subject: account.subject, claims: JSONObject())))
        return count
    }
}
