import JOSE
import Synchronization

/// The sessions used lately, so that a check need not ask the store: at most `capacity` bytes of them, each for at most `life`
/// seconds before it is read from the store again. Ending a session ends it here before the sign-out is answered, also for those
/// who have looked it up already.
///
/// One cache for all event loops, in parts with a lock each: a lock that nobody holds costs less than a second copy of every
/// session, and a session that ends has ended everywhere.
package final class SessionCache: Sendable {
    private final class Shard: Sendable {
        let table = Mutex(SessionTable())
    }

    private let shards: [Shard]
    /// Sessions ended while they were being loaded: a load that began before must not bring them back.
    private let drops = Atomic<UInt64>(0)
    private let capacityOfShard: Int
    private let life: Int64

    private static let shardCount = 64

    /// - Parameters:
    ///   - capacity: bytes.
    ///   - life: seconds.
    package init(capacity: Int = 256 << 20, life: Int64 = 60) {
        shards = (0..<Self.shardCount).map { _ in Shard() }
        capacityOfShard = capacity / Self.shardCount
        self.life = life
    }

    /// Names the moment before a load; `insert` refuses what was loaded before a `drop`.
    var generation: UInt64 { drops.load(ordering: .acquiring) }

    /// - Parameter seconds: in place of the cache's own.
    func entry(_ key: SessionKey, now: UnixTime, within seconds: Int64? = nil) -> CachedSession? {
        let entry = shard(key).table.withLock { $0.entry(key) }
        guard let entry, entry.isLive, now.since(entry.loadedAt) <= seconds ?? life, now >= entry.loadedAt else { return nil }
        return entry
    }

    /// Whether the entry is old enough to be read again before its life ends, so that nobody has to wait for it then.
    func isDueForReload(_ entry: CachedSession, now: UnixTime) -> Bool { now.since(entry.loadedAt) * 2 > life }

    func insert(_ entry: CachedSession, generation: UInt64) {
        shard(entry.key).table.withLock { table in
            guard self.generation == generation else { return }
            table.insert(entry)
            table.shrink(to: capacityOfShard)
        }
    }

    /// Puts the store's newer version in the place of the one that is cached, if it is: without what was found out with that.
    func renew(_ session: Session, now: UnixTime, generation: UInt64) {
        shard(session.key).table.withLock { table in
            guard let known = table.entry(session.key) else { return }
            guard self.generation == generation else {
                // Something has ended meanwhile: the store knows what.
                _ = table.remove(session.key)
                return
            }
            var next = session
            next.lastUsedAt = max(known.usedAt, session.lastUsedAt)
            table.insert(CachedSession(next, loadedAt: now))
        }
    }

    func drop(_ key: SessionKey) {
        // First the count: whoever inserts afterwards sees it.
        drops.add(1, ordering: .sequentiallyConsistent)
        shard(key).table.withLock { $0.remove(key) }?.end()
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

    private func shard(_ key: SessionKey) -> Shard {
        shards[Int(truncatingIfNeeded: key.hash.words.2) & (Self.shardCount - 1)]
    }
}
