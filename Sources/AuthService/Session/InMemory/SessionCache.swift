import JOSE
import Synchronization

/// The sessions used lately, so that a check need not ask the store: at most `capacity` bytes of them. Ending a session ends it
/// here before the sign-out is answered, also for those who have looked it up already.
///
/// An entry serves for `life` seconds from when it was last known to be what the store has: when it was read, or when the changes
/// that other processes make there were last followed. While they are, it is read again after `longestLife` only. Where other
/// replicas may end sessions, one second is enough for a `life`: the changes are followed twice in each, and where they cannot be, what
/// is in memory soon counts for nothing.
///
/// Only the few thousand that were asked for last are there as checks want them, some 6 kB each; all others rest in some 400 bytes,
/// and are answered from as long as nothing about them is due. Their providers' tokens stay in the store, unless applications are
/// given them.
///
/// One cache for all event loops, in parts with a lock each: a lock that nobody holds costs less than a second copy of every
/// session, and a session that ends has ended everywhere.
package final class SessionCache: Sendable {
    private final class Shard: Sendable {
        let table: Mutex<SessionTable>

        init(maximumAwake: Int) { table = Mutex(SessionTable(maximumAwake: maximumAwake)) }
    }

    private let shards: [Shard]
    /// Sessions ended while they were being loaded: a load that began before must not bring them back.
    private let drops = Atomic<UInt64>(0)
    private let capacityOfShard: Int
    private let life: Int64
    let holdsTokens: Bool
    /// When the store was last known to hold what is cached, in seconds since 1970.
    private let followedAt = Atomic<Int64>(.min)
    /// The same in milliseconds of `SteadyTime`.
    private let followed = Atomic<Int64>(.min)

    private static let shardCount = 64
    private static let longestLife: Int64 = 3600

    /// - Parameters:
    ///   - capacity: bytes.
    ///   - life: seconds.
    ///   - holdsTokens: whether checks need the providers' tokens.
    ///   - maximumAwake: sessions that do not rest, about.
    package init(capacity: Int = 256 << 20, life: Int64 = 60, holdsTokens: Bool = true, maximumAwake: Int = 4096) {
        let capacityOfShard = capacity / Self.shardCount
        // Where there is little room, half of it is for those that rest.
        let awake = min(maximumAwake / Self.shardCount, capacityOfShard / (2 * CachedSession.usualSize))
        shards = (0..<Self.shardCount).map { _ in Shard(maximumAwake: awake) }
        self.capacityOfShard = capacityOfShard
        self.life = life
        self.holdsTokens = holdsTokens
    }

    /// What is to be kept in memory of a session that the store has given.
    func entry(of stored: Session, loadedAt: UnixTime, _ loaded: SteadyTime) -> CachedSession {
        var session = stored
        // Only the store has to do with these, and the list of somebody's sessions, which comes from there.
        session.sealedTokens = nil
        session.device = SessionDevice()
        if !holdsTokens { (session.idToken, session.refreshToken, session.accessToken) = (nil, nil, nil) }
        return CachedSession(session, loadedAt: loadedAt, loaded)
    }

    /// Since how many seconds changes in the store may not be known here; `nil` before any were followed.
    func unfollowed(_ now: UnixTime) -> Int64? {
        let followed = followedAt.load(ordering: .acquiring)
        return followed == .min ? nil : max(0, now.seconds &- followed)
    }

    /// Notes that all that had changed in the store at `moment` has been dropped.
    func haveFollowed(at moment: UnixTime, _ steady: SteadyTime = .now) {
        followed.store(steady.milliseconds, ordering: .releasing)
        followedAt.store(moment.seconds, ordering: .releasing)
    }

    /// Since how many seconds what was loaded then may not be what the store has.
    private func age(_ loadedAt: UnixTime, _ now: UnixTime) -> Int64 {
        let followed = followedAt.load(ordering: .acquiring)
        // A clock that was set back says nothing about the changes.
        return now.since(followed > now.seconds ? loadedAt : max(loadedAt, UnixTime(seconds: followed)))
    }

    /// Whether a life of one second is over. By whole seconds it might last for almost two, and a sign-out elsewhere is not to be
    /// missed for longer than is promised.
    /// - Parameter loaded: `nil`: that is not known any more.
    private func isOver(_ loaded: SteadyTime?) -> Bool {
        let since = max(loaded?.milliseconds ?? .min, followed.load(ordering: .acquiring))
        return since == .min || SteadyTime.now.milliseconds &- since >= 1000
    }

    /// Whether what was loaded then may be believed to be what the store has.
    private func isFresh(_ loadedAt: UnixTime, _ loaded: SteadyTime?, _ now: UnixTime) -> Bool {
        age(loadedAt, now) <= life && !(life == 1 && isOver(loaded))
    }

    /// Names the moment before a load; `insert` refuses what was loaded before a `drop`.
    var generation: UInt64 { drops.load(ordering: .acquiring) }

    /// What a look for a session finds.
    enum Found {
        case entry(CachedSession)
        /// What was asked for, of one that rests.
        case grant(FoldedGrant)
    }

    /// - Parameter seconds: in place of the cache's own.
    func entry(_ key: SessionKey, now: UnixTime, within seconds: Int64? = nil) -> CachedSession? {
        let found = look(for: key, now: now) { entry in
            if let seconds { age(entry.loadedAt, now) <= seconds } else { isFresh(entry.loadedAt, entry.loaded, now) }
        }
        guard case .entry(let entry)? = found else { return nil }
        return entry
    }

    /// The session, or what it grants if it rests and nothing else is to be done about it.
    /// - Parameters:
    ///   - scope: where the cookie came.
    ///   - quietFor: seconds since the last use after which it is to be written down.
    func look(for key: SessionKey, _ question: GrantQuestion?, scope: String, now: UnixTime, quietFor: Int64) -> Found? {
        look(for: key, now: now) { entry in
            isFresh(entry.loadedAt, entry.loaded, now)
        } atRest: { resting, texts, patterns in
            guard let question, !isDueForReload(resting.loadedAt, now), isFresh(resting.loadedAt, nil, now) else { return nil }
            return resting.grant(question, scope: scope, now: now, quietFor: quietFor, texts, patterns)
        }
    }

    private func look(
        for key: SessionKey, now: UnixTime, isGood: (CachedSession) -> Bool, atRest: SessionTable.AtRest = { _, _, _ in nil }
    ) -> Found? {
        shard(key).table.withLock { table in
            switch table.look(for: key, atRest: atRest) {
            case .entry(let entry)? where entry.isLive && now >= entry.loadedAt && isGood(entry):
                table.hits &+= 1
                return .entry(entry)
            case .grant(let grant)?:
                table.hits &+= 1
                return .grant(grant)
            case .entry, nil:
                table.misses &+= 1
                return nil
            }
        }
    }

    /// When the session was last used as far as is known here, be the entry too old to be believed otherwise or not: the store may
    /// not know of that use yet.
    func usedAt(_ key: SessionKey) -> UnixTime? { shard(key).table.withLock { $0.usedAt(key) } }

    /// Whether the entry is old enough to be read again before its life ends, so that nobody has to wait for it then.
    func isDueForReload(_ entry: CachedSession, now: UnixTime) -> Bool { isDueForReload(entry.loadedAt, now) }

    private func isDueForReload(_ loadedAt: UnixTime, _ now: UnixTime) -> Bool {
        // There is no ahead of a second: the changes are followed sooner, or nothing is read either.
        (life > 1 && age(loadedAt, now) * 2 > life) || now.since(loadedAt) > Self.longestLife
    }

    func insert(_ entry: CachedSession, generation: UInt64) {
        shard(entry.key).table.withLock { table in
            guard self.generation == generation else { return }
            if let usedAt = table.usedAt(entry.key), usedAt > entry.usedAt { entry.noteUse(at: usedAt) }
            table.insert(entry)
            table.shrink(to: capacityOfShard)
        }
    }

    /// Puts an entry with newer tokens in the place of the one that is cached, if one is: not of a session that has ended meanwhile.
    func replace(_ entry: CachedSession) {
        shard(entry.key).table.withLock { table in
            guard table.contains(entry.key) else { return }
            table.insert(entry)
            table.shrink(to: capacityOfShard)
        }
    }

    /// Puts the store's newer version in the place of the one that is cached, if it is: without what was found out with that.
    /// - Parameter began: when the store was asked for it, or told.
    func renew(_ session: Session, now: UnixTime, _ began: SteadyTime, generation: UInt64) {
        shard(session.key).table.withLock { table in
            guard let usedAt = table.usedAt(session.key) else { return }
            guard self.generation == generation else {
                // Something has ended meanwhile: the store knows what.
                _ = table.remove(session.key)
                return
            }
            var next = session
            next.lastUsedAt = max(usedAt, session.lastUsedAt)
            table.insert(entry(of: next, loadedAt: now, began))
        }
    }

    func drop(_ key: SessionKey) {
        // First the count: whoever inserts afterwards sees it.
        drops.add(1, ordering: .sequentiallyConsistent)
        shard(key).table.withLock { _ = $0.remove(key)?.end() }
    }

    /// Drops every session that `isOver` says so of.
    func drop(where isOver: (Session) -> Bool) {
        drops.add(1, ordering: .sequentiallyConsistent)
        for shard in shards {
            shard.table.withLock { table in
                var over: [SessionKey] = []
                table.forEach { if isOver($0.session) { over.append($0.key) } }
                for key in over { table.remove(key)?.end() }
            }
        }
    }

    /// Forgets everything, for the store to be asked again: nothing has ended.
    func clear() {
        drops.add(1, ordering: .sequentiallyConsistent)
        for shard in shards { shard.table.withLock { $0.removeAll() } }
    }

    struct Figures: Sendable {
        var sessions = 0
        var bytes = 0
        var hits: UInt64 = 0
        var misses: UInt64 = 0
    }

    /// Of all parts together.
    var figures: Figures {
        shards.reduce(into: Figures()) { sum, shard in
            shard.table.withLock { table in
                sum.sessions += table.count
                sum.bytes += table.bytes
                sum.hits &+= table.hits
                sum.misses &+= table.misses
            }
        }
    }

    private func shard(_ key: SessionKey) -> Shard {
        shards[Int(truncatingIfNeeded: key.hash.words.2) & (Self.shardCount - 1)]
    }
}
