import JOSE
import Web

/// A token of ours as it came back, with what is known of it now.
enum KnownToken: Sendable {
    /// `grant` is nil for a client's own.
    case access(AccessToken, grant: GrantRecord?)
    /// `isCurrent`: whether it would still be exchanged.
    case refresh(GrantRecord, isCurrent: Bool)

    var clientID: String {
        switch self {
        case .access(let token, _): token.clientID
        case .refresh(let grant, _): grant.clientID
        }
    }

    var grant: GrantRecord? {
        switch self {
        case .access(_, let grant): grant
        case .refresh(let grant, _): grant
        }
    }
}

extension Issuer {
    /// The token, if it is one of ours and lives: of any kind, whatever the caller takes it for (RFC 7009 §2.1, RFC 7662 §2.1).
    func known(_ text: String) async throws(ProviderStoreFailure) -> KnownToken? {
        if let token = AccessToken(text, issuer: self) { return try await live(token) }
        guard let token = RefreshToken(text), let grant = try await store.grant(refreshHandle: token.handleDigest),
            let family = grant.refresh, token.isIssued(by: family)
        else { return nil }
        let lifetimes = settings.client(grant.clientID).map(settings.lifetimes) ?? settings.lifetimes
        let isExpired = RefreshRotation.isExpired(grant, family, lifetimes, now: clock.now)
        return .refresh(grant, isCurrent: token.generation == family.generation && !isExpired)
    }

    /// An access token whose grant has not ended, or that was not revoked itself.
    func live(_ token: AccessToken) async throws(ProviderStoreFailure) -> KnownToken? {
        guard let id = token.grantID else {
            return try await transients.isTaken(.revoked(token)) ? nil : .access(token, grant: nil)
        }
        guard let grant = try await store.grant(id: id), clock.now < grant.expiresAt else { return nil }
        return .access(token, grant: grant)
    }
}

extension SecretDigest {
    /// What is remembered of a client's own token that was revoked.
    static func revoked(_ token: AccessToken) -> SecretDigest { .name("revoked-token", token.id) }
}
