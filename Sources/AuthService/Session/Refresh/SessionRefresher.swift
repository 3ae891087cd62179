import Accounts
import JOSE
import Logging
import Synchronization

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
            guard let session = try await claimed(key), let step = await settings.step(of: session, clock: clock) else { return }
            switch step {
            case .goesOn(let change): try await write(session, change)
            case .ends(let reason): try await end(session, reason: reason)
            }
        } catch {
            logger.warning("a session's tokens were not refreshed", metadata: ["reason": "\(error.detail)"])
        }
    }

    /// The session with the refresh taken for this process. `nil` where another has it or has done it: then the cache knows.
    private func claimed(_ key: SessionKey) async throws(StoreFailure) -> Session? {
        for _ in 0..<3 {
            let (generation, began) = (cache.generation, SteadyTime.now)
            guard var session = try await store.load(key) else {
                cache.drop(key)
                return nil
            }
            let now = clock.now
            guard session.refresh.isDue(at: now) else {
                cache.renew(session, now: now, began, generation: generation)
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
                let (generation, began) = (cache.generation, SteadyTime.now)
                var next = current
                change(&next)
                next.version &+= 1
                if try await store.replace(next) { return cache.renew(next, now: clock.now, began, generation: generation) }
                guard let stored = try await store.load(claimed.key) else { return cache.drop(claimed.key) }
                current = stored
            } catch {
                if attempt == 5 { throw error }
                try? await Task.sleep(for: .milliseconds(200 * attempt))
            }
        }
    }
}
