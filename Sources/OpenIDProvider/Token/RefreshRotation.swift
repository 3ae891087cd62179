import JOSE
import Logging
import Web

/// How a family of refresh tokens moves on: each use makes the next token the newest. For `refreshReuseWindow` the token before
/// it gets the newest one again (two tabs at once, a reply that got lost); used later, it ends the family, as one of its two
/// holders is not the client.
struct RefreshRotation: Sendable {
    private let token: RefreshToken?
    private let grant: GrantRecord?
    private let lifetimes: TokenLifetimes
    private let now: UnixTime
    private let issuer: Issuer

    init(_ request: TokenRequest, _ issuer: Issuer) {
        token = request.refreshToken
        grant = request.grant
        lifetimes = request.client.map(issuer.settings.lifetimes) ?? issuer.settings.lifetimes
        now = request.now
        self.issuer = issuer
    }

    var isExpired: Bool {
        guard let grant, let family = grant.refresh else { return true }
        return Self.isExpired(grant, family, lifetimes, now: now)
    }

    static func isExpired(_ grant: GrantRecord, _ family: RefreshFamily, _ lifetimes: TokenLifetimes, now: UnixTime) -> Bool {
        now >= family.rotatedAt.adding(lifetimes.refreshIdle) || now >= grant.createdAt.adding(lifetimes.refreshLifetime)
    }

    /// Whether the token is neither the newest one nor, within the window, the one before it.
    func isReuse(of grant: GrantRecord) -> Bool {
        guard let token, let family = grant.refresh else { return true }
        return token.generation != family.generation && !isRepeat(token, of: family)
    }

    private func isRepeat(_ token: RefreshToken, of family: RefreshFamily) -> Bool {
        token.generation == family.generation &- 1 && now.since(family.rotatedAt) < lifetimes.refreshReuseWindow
    }

    /// Asks the connector who the user is now, so that whoever was disabled gets nothing more.
    func askForUser(updating request: inout TokenRequest) async throws(ProviderStoreFailure) -> TokenRefusal? {
        guard let grant else { return .grant("the user can no longer sign in here") }
        switch issuer.standing(of: grant.connectorID) {
        case .usable, .unusable: break
        case .deleted: return .reuse("the user can no longer sign in here", ending: grant.id)
        // One that the file lacks may come back with another file.
        case .none: return .grant("the user can no longer sign in here")
        }
        let refresh = UserRefresh(issuer: issuer, connectorID: grant.connectorID, accountID: grant.sessionID)
        switch try await refresh.refreshed(grant.user) {
        case .current(let user):
            request.grant?.user = user
            return nil
        case .gone: return .reuse("the user can no longer sign in", ending: grant.id)
        case .failed(let detail):
            issuer.logger.error(
                "a refresh failed on our side",
                metadata: ["detail": .string(detail), "request_id": .string(request.web.id)])
            return .unavailable()
        }
    }

    /// Makes the next token the newest, unless this is a repeat. Of several at the same instant one rotates; the others find the
    /// newest token made.
    func rotate(updating request: inout TokenRequest) async throws(ProviderStoreFailure) -> TokenRefusal? {
        guard let token, let grant, let family = grant.refresh else { return .grant("the refresh token is unknown") }
        guard token.generation == family.generation else { return repeatNewest(token, of: family, updating: &request) }
        let next = moved(grant, family)
        if try await issuer.store.replace(next) {
            request.grant = next
            request.refreshToken = next.refresh.map(token.newest)
            return nil
        }
        guard let faster = try await issuer.store.grant(id: grant.id), let family = faster.refresh else {
            return .grant("the sign-in has ended")
        }
        return repeatNewest(token, of: family, updating: &request)
    }

    private func moved(_ grant: GrantRecord, _ family: RefreshFamily) -> GrantRecord {
        var family = family
        family.generation = family.generation.addingReportingOverflow(1).partialValue
        family.rotatedAt = now
        var next = grant
        next.refresh = family
        next.version = grant.version.addingReportingOverflow(1).partialValue
        next.expiresAt = GrantExpiry.of(family, createdAt: grant.createdAt, lifetimes: lifetimes, now: now)
        return next
    }

    private func repeatNewest(
        _ token: RefreshToken, of family: RefreshFamily, updating request: inout TokenRequest
    ) -> TokenRefusal? {
        guard isRepeat(token, of: family) else { return .grant("the refresh token has been used") }
        request.refreshToken = token.newest(of: family)
        return nil
    }
}

/// Until when something of a grant is valid.
enum GrantExpiry {
    /// The later of the newest refresh token's end and the access token's.
    static func of(
        _ family: RefreshFamily?, createdAt: UnixTime, lifetimes: TokenLifetimes, now: UnixTime
    ) -> UnixTime {
        // An access token that a repeated use within the window gets lives that much longer.
        let access = now.adding(lifetimes.accessToken).adding(lifetimes.refreshReuseWindow)
        guard let family else { return access }
        let idle = family.rotatedAt.adding(lifetimes.refreshIdle)
        return max(access, min(idle, createdAt.adding(lifetimes.refreshLifetime)))
    }
}
