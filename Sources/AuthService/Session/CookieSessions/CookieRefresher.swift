import Accounts
import JOSE
import Logging
import Synchronization

/// Renews the tokens of sessions that live in their cookies: once in this process for any number of requests, and once over all
/// replicas that share a store, by a claim there. The request that begins it waits for a moment, so that its answer brings the new
/// cookie; everybody else goes on with the cookie that they have.
final class CookieRefresher: Sendable {
    /// What a request with a session does about its tokens.
    enum Look: Sendable {
        /// Goes on at once, with the newest that is known of the session.
        case goesOn(CachedSession)
        /// Waits for the refresh that it has begun.
        case waits(Refreshing)
    }

    /// A refresh under way.
    struct Refreshing: Sendable {
        let entry: CachedSession
        /// `SessionCache.generation` before it.
        let generation: UInt64
        /// Whether the session goes on.
        fileprivate let outcome: AsyncStream<Bool>
    }

    private let settings: RefreshSettings
    private let store: any SessionStore
    private let cache: SessionCache
    private let lane: SlowLane
    private let clock: WallClock
    private let logger: Logger
    private let inFlight = Mutex<Set<SessionKey>>([])
    /// Sessions as they are by now, for the cookies of before that still arrive: an answer can be lost, and requests overlap.
    private let newest = RecentValues<SessionKey, Session>(capacity: 20_000, maximumCost: 32 << 20)

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

    /// A provider that hangs must not fill the lane.
    private static let maximumAtOnce = 16
    /// Longer than a refresh can take: discovery, token, keys and userinfo, ten seconds each.
    private static let claim: Int64 = 60

    /// Begins a refresh where one is due and nobody is at it.
    func look(_ entry: CachedSession, now: UnixTime) -> Look {
        guard entry.session.refresh.isDue(at: now) else { return .goesOn(entry) }
        let current = current(entry)
        guard current.session.refresh.isDue(at: now) else { return .goesOn(current) }
        let generation = cache.generation
        let (outcome, report) = AsyncStream<Bool>.makeStream(bufferingPolicy: .bufferingNewest(1))
        // Nobody waits for a provider that did not answer the last time.
        guard begin(current, report), current.session.refresh.failingSince == nil else { return .goesOn(current) }
        return .waits(Refreshing(entry: current, generation: generation, outcome: outcome))
    }

    /// - Returns: `nil` where the session is over.
    func wait(for refreshing: Refreshing) async -> CachedSession? {
        let goesOn = await withTaskGroup(of: Bool.self) { group in
            group.addTask { await refreshing.outcome.first { _ in true } ?? true }
            group.addTask { [settings] in
                try? await Task.sleep(for: settings.patience)
                return true
            }
            defer { group.cancelAll() }
            return await group.next() ?? true
        }
        return goesOn ? current(refreshing.entry) : nil
    }

    /// The session as it is by now, where the cookie is of before.
    func newer(than session: Session) -> Session? {
        newest.value(session.key).flatMap { $0.version > session.version ? $0 : nil }
    }

    /// The entry with the newest that is known of its session, in the place of the one in memory.
    func current(_ entry: CachedSession) -> CachedSession {
        guard var cookie = entry.cookie, let known = newest.value(entry.session.key), known.version >= entry.session.version
        else { return entry }
        cookie.isOutdated = cookie.isOutdated || known.version > entry.session.version
        var session = known
        session.lastUsedAt = entry.usedAt
        let current = CachedSession(session, key: entry.key, cookie: cookie, loadedAt: entry.loadedAt, entry.loaded)
        cache.replace(current)
        return current
    }

    private func begin(_ entry: CachedSession, _ report: AsyncStream<Bool>.Continuation) -> Bool {
        let key = entry.session.key
        let isFirst = inFlight.withLock { $0.count < Self.maximumAtOnce && $0.insert(key).inserted }
        guard isFirst else { return false }
        let isQueued = lane.submit { [self] in
            report.yield(await refresh(entry))
            report.finish()
            finish(key)
        }
        if !isQueued { finish(key) }
        return isQueued
    }

    private func finish(_ key: SessionKey) { inFlight.withLock { _ = $0.remove(key) } }

    /// - Returns: whether the session goes on.
    private func refresh(_ entry: CachedSession) async -> Bool {
        // Somebody may have come before, between the look and now.
        let session = current(entry).session
        guard session.refresh.isDue(at: clock.now), await isClaimed(session) else { return true }
        switch await settings.step(of: session, clock: clock) {
        case nil:
            // Its provider is not configured any more. The cookie goes on meanwhile as if nothing were due.
            var later = session
            later.refresh.dueAt = clock.now.adding(settings.retryInterval)
            remember(later)
            return true
        case .goesOn(let change):
            keep(session, change)
            _ = current(entry)
            return true
        case .ends(let reason):
            await end(session, reason: reason)
            return false
        }
    }

    /// Where the store is away, nothing is refreshed: two replicas with one refresh token would end the session.
    private func isClaimed(_ session: Session) async -> Bool {
        let now = clock.now
        do throws(StoreFailure) {
            let end = now.adding(Self.claim)
            if try await store.claimCookieRefresh(session.key, version: session.version, now: now, until: end) { return true }
        } catch {
            logger.warning("a session's tokens were not refreshed", metadata: ["reason": "\(error.detail)"])
        }
        pause(session)
        return false
    }

    /// Not again at once. The browser need not know.
    private func pause(_ session: Session) {
        var later = session
        later.refresh.claimedUntil = clock.now.adding(settings.retryInterval)
        remember(later)
    }

    private func keep(_ session: Session, _ change: (inout Session) -> Void) {
        var next = session
        change(&next)
        next.version &+= 1
        remember(next)
    }

    private func remember(_ session: Session) {
        newest.insert(session, for: session.key, cost: CachedSession(session, loadedAt: clock.now).size)
    }

    /// Tried for a while: a refused refresh has to end every copy of the cookie.
    private func end(_ session: Session, reason: String) async {
        settings.record(.refreshFailed, session, reason: "the session ends: \(reason)")
        for attempt in 1...5 {
            do throws(StoreFailure) {
                try await store.revoke(session.key, until: session.expiresAt)
                break
            } catch {
                logger.warning("a session that is over could not be written down", metadata: ["reason": "\(error.detail)"])
                if attempt < 5 { try? await Task.sleep(for: .milliseconds(200 * attempt)) }
            }
        }
        newest.remove(session.key)
        let key = session.key
        cache.drop { $0.key == key }
    }
}
