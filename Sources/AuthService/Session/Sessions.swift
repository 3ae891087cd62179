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
        case found(CachedSession)
        /// What was asked for, of a session that needs nothing else.
        case granted(AcceptedGrant)
        /// The store has to be asked for these, in this order; what it knows counts only within `scope`.
        case unknown([Candidate], scope: String)
        /// This request has begun the refresh of its session's tokens, and waits for it.
        case refreshing(CookieRefresher.Refreshing)
    }

    /// What may be a session.
    enum Candidate: Sendable {
        case stored(SessionKey)
        case inCookie(CookieSessions.Unopened)
    }

    let store: any SessionStore
    let cache: SessionCache
    private let refresher: SessionRefresher?
    /// Where the sessions live in their cookies.
    private let inCookies: CookieSessions?
    private let lane: SlowLane
    private let uses = SessionUses()
    let lifetimes: SessionLifetimes
    let clock: WallClock
    private let randomness: Randomness
    private let logger: Logger
    private let reading = StoreOutage()

    /// - Parameters:
    ///   - refresh: `nil`: tokens are left to end.
    ///   - cookieKeys: with them the sessions live in their cookies alone.
    ///   - cookiesHoldAccessToken: whether those hold the provider's access token, too.
    package init(
        store: any SessionStore, cache: SessionCache = SessionCache(), lane: SlowLane, lifetimes: SessionLifetimes,
        clock: WallClock, randomness: Randomness,
        logger: Logger, refresh: RefreshSettings? = nil, cookieKeys: SealingKeys? = nil, cookiesHoldAccessToken: Bool = false
    ) {
        self.store = store
        self.cache = cache
        inCookies = cookieKeys.map { keys in
            CookieSessions(
                sealed: SealedSession(keys: keys, holdsAccessToken: cookiesHoldAccessToken),
                refresher: refresh.map {
                    CookieRefresher($0, store: store, cache: cache, lane: lane, clock: clock, logger: logger)
                })
        }
        refresher =
            cookieKeys != nil
            ? nil
            : refresh.map {
                SessionRefresher($0, store: store, cache: cache, lane: lane, clock: clock, logger: logger)
            }
        self.lane = lane
        self.lifetimes = lifetimes
        self.clock = clock
        self.randomness = randomness
        self.logger = logger
    }

    /// Looks without waiting.
    /// - Parameter question: what is wanted of the session, where it may have been found out before; `nil`: the session itself.
    func lookup(_ message: RequestMessage, at place: CookiePlace?, _ question: GrantQuestion? = nil) -> Lookup {
        guard let place else { return .none(stale: false) }
        if let inCookies { return lookup(message, in: inCookies, at: place) }
        let cookies = PresentedCookies(message, at: place)
        guard (1...PresentedCookies.maximum).contains(cookies.count) else { return .none(stale: cookies.count > 0) }
        let now = clock.now
        var unknown: [Candidate] = []
        for index in 0..<cookies.count where cookies[index].count == SessionID.characters {
            let key = SessionKey(hashing: message.bytes.span.extracting(cookies[index].range))
            switch cache.look(for: key, question, scope: cookies.scope, now: now, quietFor: min(useInterval, lifetimes.idle)) {
            case .grant(let folded)?:
                if let grant = folded.unfolded() { return .granted(grant) }
                unknown.append(.stored(key))
            case .entry(let entry)? where isAlive(entry.session, usedAt: entry.usedAt, at: cookies.scope, now):
                renew(entry, now)
                return .found(entry)
            case .entry(let entry)?:
                if mayBeInUseElsewhere(entry, at: cookies.scope, now) { unknown.append(.stored(key)) }
            case nil:
                if SessionID.isWellFormed(message.text(cookies[index])) { unknown.append(.stored(key)) }
            }
        }
        return unknown.isEmpty ? .none(stale: true) : .unknown(unknown, scope: cookies.scope)
    }

    private func lookup(_ message: RequestMessage, in cookies: CookieSessions, at place: CookiePlace) -> Lookup {
        let now = clock.now
        switch cookies.presented(message, at: place) {
        case .none: return .none(stale: false)
        case .unreadable: return .none(stale: true)
        case .value(let cookie):
            guard let entry = cache.entry(cookie.key, now: now) else { return .unknown([.inCookie(cookie)], scope: place.scope) }
            guard isAlive(entry.session, usedAt: entry.usedAt, at: place.scope, now) else { return .none(stale: true) }
            switch cookies.refresher?.look(entry, now: now) {
            case nil: return .found(entry)
            case .goesOn(let current): return .found(current)
            case .waits(let refreshing): return .refreshing(refreshing)
            }
        }
    }

    /// Waits for a moment for new tokens. `nil`: the session is over.
    func refreshed(_ refreshing: CookieRefresher.Refreshing) async throws(StoreFailure) -> CachedSession? {
        guard let entry = await inCookies?.refresher?.wait(for: refreshing) else { return nil }
        guard cache.generation != refreshing.generation else { return entry }
        // Something has ended meanwhile: the store knows what.
        let hasEnded = try await reading.asking(clock) { () async throws(StoreFailure) in
            try await store.hasEnded(entry.session)
        }
        return hasEnded ? nil : entry
    }

    /// Asks the store: the first of `candidates` that is a live session.
    func load(_ candidates: [Candidate], scope: String) async throws(StoreFailure) -> CachedSession? {
        for candidate in candidates {
            let generation = cache.generation
            let (now, began) = (clock.now, SteadyTime.now)
            let entry = try await reading.asking(clock) { () async throws(StoreFailure) in
                try await self.entry(candidate, now, began)
            }
            guard let entry, isAlive(entry.session, usedAt: entry.session.lastUsedAt, at: scope, now) else { continue }
            cache.insert(entry, generation: generation)
            if let inCookies { return try await loaded(entry, inCookies, now) }
            renew(entry, now)
            return entry
        }
        return nil
    }

    private func loaded(
        _ entry: CachedSession, _ cookies: CookieSessions, _ now: UnixTime
    ) async throws(StoreFailure) -> CachedSession? {
        switch cookies.refresher?.look(entry, now: now) {
        case nil: entry
        case .goesOn(let current): current
        case .waits(let refreshing): try await refreshed(refreshing)
        }
    }

    /// While the store cannot be asked: the first of `candidates` that it knew at most `seconds` ago.
    func known(_ candidates: [Candidate], scope: String, for seconds: Int64) -> CachedSession? {
        guard seconds > 0 else { return nil }
        let now = clock.now
        return candidates.lazy.compactMap { candidate in
            let key =
                switch candidate {
                case .stored(let key): key
                case .inCookie(let cookie): cookie.key
                }
            return cache.entry(key, now: now, within: seconds)
        }.first { isAlive($0.session, usedAt: $0.usedAt, at: scope, now) }
    }

    private func entry(
        _ candidate: Candidate, _ now: UnixTime, _ began: SteadyTime
    ) async throws(StoreFailure) -> CachedSession? {
        switch candidate {
        case .stored(let key):
            guard var session = try await store.load(key) else { return nil }
            if let usedAt = cache.usedAt(key) { session.lastUsedAt = max(session.lastUsedAt, usedAt) }
            return cache.entry(of: session, loadedAt: now, began)
        case .inCookie(let cookie):
            guard let opened = inCookies?.open(cookie), try await !store.hasEnded(opened.session) else { return nil }
            // It may have ended under a name that it had no sooner than with newer tokens.
            if let newer = inCookies?.refresher?.newer(than: opened.session), try await store.hasEnded(newer) { return nil }
            return CachedSession(opened.session, key: cookie.key, cookie: opened.cookie, loadedAt: now, began)
        }
    }

    /// Whether the cookies hold the sessions themselves, and the store only those that were ended before their time.
    var areInCookies: Bool { inCookies != nil }

    /// The cookie anew where the session has newer tokens than the one that came, or it is time to write the last use into it: at
    /// most once a minute. Not while tokens are about to be renewed, here or by another process: of two answers the browser keeps
    /// the one that comes last.
    func renewedCookie(_ entry: CachedSession) -> RenewedCookie? {
        guard let inCookies, let cookie = entry.cookie else { return nil }
        let now = clock.now
        let isUseDue = entry.claimUse(at: now, interval: Self.renewalInterval)
        guard cookie.isOutdated || (isUseDue && !entry.session.refresh.isNearEnd(at: now)) else { return nil }
        return inCookies.renewed(entry, usedAt: now)
    }

    /// Begins a session under a new id; the store has it when this returns.
    /// - Returns: the session cookie's value; `nil` for a session that does not fit into cookies.
    func begin(_ start: SessionStart) async throws(StoreFailure) -> String? {
        let id = SessionID(randomness: randomness)
        let now = clock.now
        var session = Session(
            key: SessionKey(of: id), identity: start.identity, scope: start.scope, providerID: start.providerID,
            providerSessionID: start.providerSessionID, authTime: start.authTime,
            authentication: start.authentication, createdAt: now, lastUsedAt: now,
            expiresAt: now.adding(lifetimes.lifetime), idToken: start.idToken, refreshToken: start.refreshToken,
            accessToken: start.accessToken, grantedScopes: start.grantedScopes, refresh: start.refresh, device: start.device)
        if let inCookies {
            session.createdAt = try await store.beginning(of: session)
            return inCookies.sealed.seal(session, in: HeldCookie(id: id.secret, isRemembered: start.isRemembered))
        }
        try await store.create(session)
        try await keepLimit(of: start.identity, newest: SessionKey(of: id))
        return id.secret.text
    }

    /// Ends the oldest sessions of a user who has too many. Two sign-ins at once both do so, and agree.
    private func keepLimit(of identity: Identity, newest: SessionKey) async throws(StoreFailure) {
        guard let limit = lifetimes.limitPerUser else { return }
        let all = try await store.list(.user(issuer: identity.issuer, subject: identity.subject), limit: limit + 100)
        for session in all.filter({ $0.key != newest }).dropFirst(limit - 1) { try await end(session.key) }
    }

    /// Ends a session from the next request on.
    func end(_ key: SessionKey) async throws(StoreFailure) {
        if areInCookies {
            // No cookie of it lives longer.
            try await store.revoke(key, until: clock.now.adding(lifetimes.lifetime))
        } else {
            try await store.delete(key)
        }
        forget([key])
    }

    /// Sessions by what is known of them, the newest first.
    func list(_ selection: SessionSelection, limit: Int) async throws(StoreFailure) -> [Session] {
        let now = clock.now
        return try await store.list(selection, limit: limit).filter { isAlive($0, usedAt: $0.lastUsedAt, at: $0.scope, now) }
    }

    /// The session with its provider's tokens, where memory does not hold them.
    /// - Returns: `nil` where it has ended.
    func withTokens(_ session: Session) async throws(StoreFailure) -> Session? {
        guard !areInCookies, !cache.holdsTokens else { return session }
        return try await store.load(session.key)
    }

    /// The session with tokens that are not near their end, waited for where they have to be renewed first.
    /// - Returns: `nil` where it has ended.
    func withNewTokens(_ session: Session) async throws(StoreFailure) -> Session? {
        guard let refresher else { return session }
        return try await refresher.awaited(session)
    }

    /// The session as it is by now: a refresh may have put another entry in the place of this one.
    /// - Returns: `nil` where it has ended.
    func newest(_ entry: CachedSession) async throws(StoreFailure) -> CachedSession? {
        guard entry.isLive else { return nil }
        if let known = cache.entry(entry.key, now: clock.now) {
            return known.session.version > entry.session.version ? known : entry
        }
        // The cache has let go of it, as it does of what changes while something else ends.
        return areInCookies ? entry : try await load([.stored(entry.key)], scope: entry.session.scope)
    }

    /// How long a browser keeps the session cookie, in seconds; `nil`: until it is closed.
    func cookieLifetime(isRemembered: Bool) -> Int64? { isRemembered ? lifetimes.lifetime : nil }

    /// Forgets the sessions that any process on the same store has changed or ended since `position`, and everything where that
    /// is not known.
    /// - Returns: the position for the next call.
    package func forgetChanges(since position: Int64?) async throws(StoreFailure) -> Int64 {
        let (now, began) = (clock.now, SteadyTime.now)
        let changes = try await reading.watching(clock) { () async throws(StoreFailure) in
            try await store.changes(since: position)
        }
        if position == nil || changes.extent == .gap { cache.clear() }
        forget(changes.keys)
        forget(changes.endings)
        if changes.extent != .more { cache.haveFollowed(at: now, began) }
        return changes.position
    }

    /// Writes down when sessions were last used, as far as that has been noted since the last call.
    package func writeUses() async throws(StoreFailure) {
        try await uses.write { batch async throws(StoreFailure) in try await store.touch(batch) }
    }

    /// Deletes what has ended, a batch at a time.
    /// - Returns: how many sessions it deleted.
    package func sweep(batch: Int = 500) async throws(StoreFailure) -> Int {
        try await store.sweep(expiredAt: clock.now, idleBefore: clock.now.adding(-lifetimes.idle), limit: batch)
    }

    private func isAlive(_ session: Session, usedAt: UnixTime, at scope: String, _ now: UnixTime) -> Bool {
        sameBytes(session.scope, scope) && now < session.expiresAt && now.since(usedAt) < lifetimes.idle
            // What is remembered of cookies that are over is remembered for no longer than this.
            && (!areInCookies || now < session.createdAt.adding(lifetimes.lifetime))
    }

    /// Whether the session is over only as far as this process has seen it in use.
    private func mayBeInUseElsewhere(_ entry: CachedSession, at scope: String, _ now: UnixTime) -> Bool {
        now.since(entry.loadedAt) > Self.renewalInterval && isAlive(entry.session, usedAt: now, at: scope, now)
    }

    /// How seldom the use of a session is written down: the hundredth part of the time after which it ends unused.
    private var useInterval: Int64 { min(max(lifetimes.idle / 100, Self.renewalInterval), 600) }

    private static let renewalInterval: Int64 = 60

    /// Notes that the session is in use, at most once a minute, has its tokens renewed, and reads it again ahead of the end of its
    /// life in memory: never in the way of the request.
    private func renew(_ entry: CachedSession, _ now: UnixTime) {
        if entry.claimUse(at: now, interval: useInterval) { uses.note(SessionUse(entry.session.key, at: now)) }
        refresher?.consider(entry.session, now: now)
        if cache.isDueForReload(entry, now: now), entry.claimReload() { reload(entry) }
    }

    /// Where the lane is full or the store is away, the next request that finds the entry too old asks again.
    private func reload(_ entry: CachedSession) {
        let key = entry.session.key
        _ = lane.submit { [store, cache, clock, reading] in
            let generation = cache.generation
            let (now, began) = (clock.now, SteadyTime.now)
            do throws(StoreFailure) {
                let loaded = try await reading.asking(clock) { () async throws(StoreFailure) in try await store.load(key) }
                if let session = loaded {
                    let fresh = cache.entry(of: session, loadedAt: now, began)
                    fresh.continueFrom(entry)
                    cache.insert(fresh, generation: generation)
                } else {
                    cache.drop(key)
                }
            } catch {}
        }
    }
}
