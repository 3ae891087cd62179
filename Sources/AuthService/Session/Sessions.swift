import Accounts
package import JOSE
package import Logging
import Web

/// The sessions of the service: looked up by cookie, begun at sign-in, ended at sign-out.
package struct Sessions: Sendable {
    /// What a request's cookies lead to.
    enum Lookup: Sendable {
        /// No cookie that could name a session; `stale` where one of ours came that cannot.
        case none(stale: Bool)
        case found(SessionCache.Entry)
        /// The store has to be asked for these, in this order; what it knows counts only within `scope`.
        case unknown([SessionKey], scope: String)
    }

    private let store: any SessionStore
    private let cache = SessionCache()
    private let lane: SlowLane
    private let lifetimes: SessionLifetimes
    private let clock: WallClock
    private let randomness: Randomness
    private let logger: Logger

    package init(
        store: any SessionStore, lane: SlowLane, lifetimes: SessionLifetimes, clock: WallClock, randomness: Randomness,
        logger: Logger
    ) {
        self.store = store
        self.lane = lane
        self.lifetimes = lifetimes
        self.clock = clock
        self.randomness = randomness
        self.logger = logger
    }

    /// More cookies of one name than any browser sends by itself: then none is believed.
    private static let maximumCandidates = 4

    /// Looks without waiting.
    func lookup(_ cookies: PresentedCookies) -> Lookup {
        let ids = cookies.values.compactMap(SessionID.init(cookieValue:))
        guard !ids.isEmpty, cookies.values.count <= Self.maximumCandidates else {
            return .none(stale: !cookies.values.isEmpty)
        }
        var unknown: [SessionKey] = []
        for id in ids {
            let key = SessionKey(of: id)
            guard let entry = cache.entry(key, now: clock.now) else {
                unknown.append(key)
                continue
            }
            if isAlive(entry.session, at: cookies.scope) {
                renew(entry.session)
                return .found(entry)
            }
        }
        return unknown.isEmpty ? .none(stale: true) : .unknown(unknown, scope: cookies.scope)
    }

    /// Asks the store: the first of `keys` that is a live session.
    func load(_ keys: [SessionKey], scope: String) async throws(StoreFailure) -> SessionCache.Entry? {
        for key in keys {
            let generation = cache.generation
            guard let session = try await store.load(key), isAlive(session, at: scope) else { continue }
            cache.insert(session, loadedAt: clock.now, generation: generation)
            renew(session)
            return SessionCache.Entry(session: session, loadedAt: clock.now)
        }
        return nil
    }

    /// Begins a session under a new id; the store has it when this returns.
    func begin(_ start: SessionStart) async throws(StoreFailure) -> SessionID {
        let id = SessionID(randomness: randomness)
        let now = clock.now
        try await store.create(
            Session(
                key: SessionKey(of: id), identity: start.identity, scope: start.scope, providerID: start.providerID,
                providerSessionID: start.providerSessionID, authTime: start.authTime, createdAt: now, lastUsedAt: now,
                expiresAt: now.adding(lifetimes.lifetime), idToken: start.idToken, refreshToken: start.refreshToken))
        return id
    }

    /// Ends a session from the next request on.
    func end(_ key: SessionKey) async throws(StoreFailure) {
        try await store.delete(key)
        cache.drop(key)
    }

    /// Keeps the assertion with the session, for the requests to come.
    func keep(_ assertion: Assertion, for key: SessionKey) {
        cache.update(key) { $0.assertion = assertion }
    }

    /// How long a browser keeps the session cookie, in seconds.
    var cookieLifetime: Int64 { lifetimes.lifetime }

    /// Deletes what has ended, a batch at a time.
    /// - Returns: how many sessions it deleted.
    package func sweep(batch: Int = 500) async throws(StoreFailure) -> Int {
        try await store.sweep(expiredAt: clock.now, idleBefore: clock.now.adding(-lifetimes.idle), limit: batch)
    }

    private func isAlive(_ session: Session, at scope: String) -> Bool {
        let now = clock.now
        return sameBytes(session.scope, scope) && now < session.expiresAt && now.since(session.lastUsedAt) < lifetimes.idle
    }

    private static let renewalInterval: Int64 = 60

    /// Notes that the session is in use: at most once a minute, and never in the way of the request.
    private func renew(_ session: Session) {
        let now = clock.now
        guard now.since(session.lastUsedAt) >= Self.renewalInterval else { return }
        cache.update(session.key) { $0.session.lastUsedAt = now }
        let queued = lane.submit { [store, logger] in
            do throws(StoreFailure) { try await store.touch(session.key, usedAt: now) } catch {
                logger.warning("a session's use was not noted", metadata: ["reason": "\(error.detail)"])
            }
        }
        if !queued { logger.warning("a session's use was not noted", metadata: ["reason": "the slow lane is full"]) }
    }
}

/// How long sessions live, in seconds.
package struct SessionLifetimes: Sendable {
    /// Without any request.
    package var idle: Int64
    /// At the longest.
    package var lifetime: Int64

    package init(idle: Int64, lifetime: Int64) {
        self.idle = idle
        self.lifetime = lifetime
    }
}

/// What a session begins with.
struct SessionStart: Sendable {
    var identity: Identity
    /// As `CookiePolicy.scope`.
    var scope: String
    var providerID: String
    var providerSessionID: String?
    var authTime: UnixTime
    var idToken: Secret?
    var refreshToken: Secret?
}
