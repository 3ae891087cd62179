import JOSE
import Web

/// Asks a connector who a user is now: directories at once, upstreams with what was kept of the sign-in.
///
/// An upstream's refresh token is often good once, and one account has many grants, in many processes: whoever has claimed the row
/// asks, and the others wait for what they learn. Where they have learnt nothing, the next one asks.
struct UserRefresh: Sendable {
    let issuer: Issuer
    let connectorID: String
    /// `sid`
    let accountID: String

    /// Seconds. Longer than an upstream can take: discovery, token, keys twice, userinfo and groups before and after it, ten each,
    /// and the tries to write. Too short at most for a directory with many groups in groups that is slow as well.
    private static let claimLife: Int64 = 120
    /// In all about 12 s.
    private static let tries = 60

    func refreshed(_ user: ConnectorUser) async throws(ProviderStoreFailure) -> RefreshedUser {
        switch issuer.standing(of: connectorID) {
        case .deleted, .none: return .gone
        case .unusable: return .failed(detail: "the connector \(connectorID) cannot be used here")
        case .usable(let connector):
            switch connector.way {
            case .password(let connector): return await connector.refresh(user)
            case .upstream(let connector): return try await refreshed(user, connector)
            }
        }
    }

    private func refreshed(
        _ user: ConnectorUser, _ connector: any UpstreamConnector
    ) async throws(ProviderStoreFailure) -> RefreshedUser {
        var waitedFor: Int64?
        for _ in 0..<Self.tries {
            // An upstream that gave nothing to ask again with.
            guard let row = try await issuer.upstream.upstreamTokens(accountID: accountID) else { return .current(user) }
            guard !row.sealed.isEmpty else { return .gone }
            // Somebody else's would let one person go on as another.
            guard let held = KeptUser(sealed: row.sealed, keys: issuer.upstreamTokenKeys), sameBytes(held.user.id, user.id) else {
                return .failed(detail: "\(connector.id): what was kept of the sign-in cannot be opened")
            }
            let now = issuer.clock.now
            if let claim = row.claimedUntil, claim > now {
                waitedFor = waitedFor ?? row.version
                try? await Task.sleep(for: .milliseconds(200))
                continue
            }
            if let waitedFor, held.confirmedOver >= waitedFor { return .current(held.user) }
            let claimed = row.next(claimedUntil: now.adding(Self.claimLife))
            guard try await issuer.upstream.replace(claimed) else { continue }
            return try await ask(connector, held, claimed)
        }
        return .failed(detail: "\(connector.id): another request has been asking for too long")
    }

    private func ask(
        _ connector: any UpstreamConnector, _ held: KeptUser, _ claimed: UpstreamTokens
    ) async throws(ProviderStoreFailure) -> RefreshedUser {
        var next = claimed.next(claimedUntil: nil)
        let outcome: RefreshedUser
        switch await connector.refresh(held.user, kept: held.kept) {
        case .current(let user, let kept):
            next.sealed = try KeptUser(user: user, kept: kept, confirmedOver: claimed.version)
                .sealed(with: issuer.upstreamTokenKeys)
            next.expiresAt = max(next.expiresAt, issuer.upstreamExpiry)
            outcome = .current(user)
        case .gone:
            // Other grants of the account learn it from the row.
            next.sealed = ""
            outcome = .gone
        case .failed(let failed, let kept):
            if let kept {
                next.sealed = try KeptUser(user: held.user, kept: kept, confirmedOver: held.confirmedOver)
                    .sealed(with: issuer.upstreamTokenKeys)
            }
            outcome = .failed(detail: "\(connector.id): \(failed.detail)")
        }
        guard try await write(next, over: claimed) else {
            // What we have learnt is of what was kept before, and a no to that ends nothing.
            guard case .gone = outcome else { return outcome }
            return .failed(detail: "\(connector.id): another request has asked meanwhile")
        }
        return outcome
    }

    /// What was kept before may be used up: so this is tried for a while.
    /// - Returns: false where something newer is there, from another sign-in or another request, which stays.
    private func write(_ next: UpstreamTokens, over claimed: UpstreamTokens) async throws(ProviderStoreFailure) -> Bool {
        var next = next
        for attempt in 1...5 {
            do throws(ProviderStoreFailure) {
                if try await issuer.upstream.replace(next) { return true }
                guard let stored = try await issuer.upstream.upstreamTokens(accountID: accountID) else { return true }
                // Whoever has only claimed the row since holds what we have used up.
                guard sameBytes(stored.sealed, claimed.sealed) else { return stored.sealed.isEmpty }
                next.version = stored.next(claimedUntil: nil).version
            } catch {
                if attempt == 5 { throw error }
                try? await Task.sleep(for: .milliseconds(200 * attempt))
            }
        }
        return false
    }
}

extension Issuer {
    /// Later than the end of every grant that somebody who signs in now may get out of their session.
    var upstreamExpiry: UnixTime { clock.now.adding(settings.sessions.lifetime).adding(settings.lifetimes.refreshLifetime) }
}
