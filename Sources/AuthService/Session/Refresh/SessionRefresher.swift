import Accounts
import JOSE
import Logging
import OpenIDConnect
import RelyingParty
import Synchronization
import Web

/// Renews the tokens of sessions ahead of their end, off the hot path: once in this process for any number of requests, and once
/// over all replicas by a claim in the store. Whoever asks meanwhile goes on with what is known.
final class SessionRefresher: Sendable {
    private let settings: RefreshSettings
    private let store: any SessionStore
    private let cache: SessionCache
    private let lane: SlowLane
    private let clock: WallClock
    private let logger: Logger
    /// Bounded by `maximumAtOnce`: a provider that hangs must not fill the lane.
    private let inFlight = Mutex<Set<SessionKey>>([])

    init(
        _ settings: RefreshSettings, store: any SessionStore, cache: SessionCache, lane: SlowLane, clock: WallClock,
        logger: Logger
    ) {
        self.settings = settings
        self.store = store
        self.cache = cache
        self.lane = lane
        self.clock = clock
        self.logger = logger
    }

    private static let maximumAtOnce = 16
    /// Longer than a refresh can take: discovery, token, keys and userinfo, ten seconds each.
    private static let claim: Int64 = 60

    /// Queues a refresh where one is due. Never waits.
    func consider(_ session: Session, now: UnixTime) {
        guard session.refresh.isDue(at: now) else { return }
        let isFirst = inFlight.withLock { $0.count < Self.maximumAtOnce && $0.insert(session.key).inserted }
        guard isFirst else { return }
        let isQueued = lane.submit { [self] in
            await refresh(session.key)
            finish(session.key)
        }
        if !isQueued { finish(session.key) }
    }

    /// Waits for new tokens where they are due, for as long as a refresh may take; whoever brings them.
    /// - Returns: the session as it is then; `nil` where it has ended.
    func awaited(_ session: Session) async throws(StoreFailure) -> Session? {
        var current = session
        for _ in 0..<Self.looks where current.refresh.isAwaited(at: clock.now) {
            consider(current, now: clock.now)
            try? await Task.sleep(for: Self.betweenLooks)
            guard let stored = try await store.load(session.key) else { return nil }
            current = stored
        }
        return current
    }

    private static let betweenLooks = Duration.milliseconds(100)
    private static let looks = 100

    private func finish(_ key: SessionKey) { inFlight.withLock { _ = $0.remove(key) } }

    private func refresh(_ key: SessionKey) async {
        do throws(StoreFailure) {
            guard let session = try await claimed(key), let token = session.refreshToken,
                let provider = settings.providers.first(where: { sameBytes($0.id, session.providerID) })
            else { return }
            switch await provider.client.refresh(token, identity: session.identity) {
            case .refreshed(let refreshed): try await keep(refreshed, session)
            case .refused(let refusal) where refusal.endsSession: try await end(session, reason: refusal.reason)
            case .refused(let refusal): try await wait(session, reason: refusal.reason)
            case .failed(let failure): try await wait(session, reason: "provider \(provider.id): \(failure.detail)")
            }
        } catch {
            logger.warning("a session's tokens were not refreshed", metadata: ["reason": "\(error.detail)"])
        }
    }

    /// The session with the refresh taken for this process. `nil` where another has it or has done it: then the cache knows.
    private func claimed(_ key: SessionKey) async throws(StoreFailure) -> Session? {
        for _ in 0..<3 {
            let generation = cache.generation
            guard var session = try await store.load(key) else {
                cache.drop(key)
                return nil
            }
            let now = clock.now
            guard session.refresh.isDue(at: now) else {
                cache.renew(session, now: now, generation: generation)
                return nil
            }
            let end = now.adding(Self.claim)
            if try await store.claimRefresh(key, version: session.version, now: now, until: end) {
                session.version &+= 1
                session.refresh.claimedUntil = end
                return session
            }
        }
        return nil
    }

    private func keep(_ refreshed: Refreshed, _ session: Session) async throws(StoreFailure) {
        if let objection = settings.objection(refreshed.identity, session.providerID) {
            return try await end(session, reason: objection)
        }
        let refreshToken = refreshed.tokens.refreshToken ?? session.refreshToken
        let state = RefreshState(
            of: refreshed.tokens, idTokenExpiry: refreshed.idToken?.expiresAt, refreshToken: refreshToken, now: clock.now)
        try await write(session) { session in
            session.identity = refreshed.identity
            session.idToken = refreshed.tokens.idToken ?? session.idToken
            session.accessToken = refreshed.tokens.accessToken
            session.refreshToken = refreshToken
            // Without it, what was granted before still is (RFC 6749 §5.1).
            if let scope = refreshed.tokens.scope { session.grantedScopes = Scope(parsing: scope)?.values ?? [] }
            session.refresh = state
        }
    }

    /// The provider could not be asked, or did not mean the person: the session goes on, for as long as the grace lasts.
    private func wait(_ session: Session, reason: String) async throws(StoreFailure) {
        let now = clock.now
        let since = session.refresh.failingSince ?? now
        guard now.since(since) < settings.grace else {
            return try await end(session, reason: "\(reason), for \(now.since(since)) seconds")
        }
        settings.record(.refreshFailed, session, reason: reason)
        let next = now.adding(settings.retryInterval)
        try await write(session) {
            $0.refresh.failingSince = since; $0.refresh.claimedUntil = next
        }
    }

    private func end(_ session: Session, reason: String) async throws(StoreFailure) {
        try await store.delete(session.key)
        cache.drop(session.key)
        settings.record(.refreshFailed, session, reason: "the session ends: \(reason)")
    }

    /// Writes a change on top of whatever the store has by now. New tokens are tried for a while: the old ones may be used up.
    private func write(_ claimed: Session, _ change: (inout Session) -> Void) async throws(StoreFailure) {
        var current = claimed
        for attempt in 1...5 {
            do throws(StoreFailure) {
                let generation = cache.generation
                var next = current
                change(&next)
                next.version &+= 1
                if try await store.replace(next) { return cache.renew(next, now: clock.now, generation: generation) }
                guard let stored = try await store.load(claimed.key) else { return cache.drop(claimed.key) }
                current = stored
            } catch {
                if attempt == 5 { throw error }
                try? await Task.sleep(for: .milliseconds(200 * attempt))
            }
        }
    }
}

extension SignInRefusal {
    /// Whether the provider has taken its word back, or vouches for somebody else now (OpenID Connect Core §12.2).
    fileprivate var endsSession: Bool {
        switch self {
        case .provider(let refusal): refusal.endsGrant
        case .idToken: true
        case .userinfo(let refusal): refusal == .subject
        case .responseIssuer: false
        }
    }
}
