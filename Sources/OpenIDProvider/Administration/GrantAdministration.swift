import Accounts
package import JOSE
package import OpenIDConnect

/// The grants of a provider, for those who administer it: what clients hold of people's sign-ins.
package struct GrantAdministration: Sendable {
    /// One grant, without anything that a token could be made of.
    package struct Entry: Sendable {
        package let id: String
        package let client: String
        package let subject: String
        package let email: String?
        package let scope: Scope
        package let connectorID: String
        package let sessionID: String
        package let createdAt: UnixTime
        package let expiresAt: UnixTime
        package let hasRefreshToken: Bool
    }

    package static let usualReason = "an administrator ended a grant"

    private let issuer: Issuer

    init(issuer: Issuer) { self.issuer = issuer }

    /// Those that are still good, the newest first.
    package func list(_ selection: GrantSelection, limit: Int) async throws(ProviderStoreFailure) -> [Entry] {
        let now = issuer.clock.now
        return try await issuer.store.grants(selection, limit: limit).filter { now < $0.expiresAt }.map { grant in
            Entry(
                id: grant.id, client: grant.clientID, subject: grant.subject, email: grant.user.claims["email"]?.string,
                scope: grant.scope, connectorID: grant.connectorID, sessionID: grant.sessionID, createdAt: grant.createdAt,
                expiresAt: grant.expiresAt, hasRefreshToken: grant.refresh != nil)
        }
    }

    /// Ends one grant.
    /// - Returns: whether there was one.
    package func end(id: String) async throws(ProviderStoreFailure) -> Bool {
        guard let grant = try await issuer.store.grant(id: id), try await issuer.store.endGrant(id: id) else { return false }
        note(grant, Self.usualReason)
        return true
    }

    /// Ends all that are meant.
    /// - Returns: how many.
    package func end(
        _ selection: GrantSelection, reason: String = usualReason
    ) async throws(ProviderStoreFailure) -> Int {
        var count = 0
        for grant in try await issuer.store.grants(selection, limit: .max) where try await issuer.store.endGrant(id: grant.id) {
            count += 1
            note(grant, reason)
        }
        return count
    }

    private func note(_ grant: GrantRecord, _ reason: String) {
        var event = AuditEvent(
            kind: .revocation, reference: Reference(randomness: issuer.randomness), reason: reason)
        event = event.about(issuer.identity(of: grant))
        event.client = grant.clientID
        issuer.audit.record(event)
    }
}
