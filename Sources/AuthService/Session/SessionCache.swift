import JOSE
import Synchronization

/// The sessions used lately, so that a check need not ask the store: at most `capacity` of them, each for at most `life` seconds
/// before it is read from the store again. Ending a session drops it here before the sign-out is answered.
final class SessionCache: Sendable {
    struct Entry: Sendable {
        var session: Session
        var loadedAt: UnixTime
        /// The assertion signed for this session, until it is due for a new one.
        var assertion: Assertion?
    }

    private struct State {
        var entries: [SessionKey: Entry] = [:]
        /// Sessions ended while they were being loaded: a load that began before must not bring them back.
        var generation: UInt64 = 0
    }

    private let state = Mutex(State())
    private let capacity: Int
    private let life: Int64

    init(capacity: Int = 50_000, life: Int64 = 60) {
        self.capacity = capacity
        self.life = life
    }

    /// Names the moment before a load; `insert` refuses what was loaded before a `drop`.
    var generation: UInt64 { state.withLock { $0.generation } }

    func entry(_ key: SessionKey, now: UnixTime) -> Entry? {
        state.withLock { state in
            guard let entry = state.entries[key], now.since(entry.loadedAt) <= life, now >= entry.loadedAt else { return nil }
            return entry
        }
    }

    func insert(_ session: Session, loadedAt now: UnixTime, generation: UInt64) {
        state.withLock { state in
            guard state.generation == generation else { return }
            // Full: begin anew. Rare, bounded, and cheaper than keeping an order on every check.
            if state.entries.count >= capacity { state.entries.removeAll(keepingCapacity: true) }
            let assertion = state.entries[session.key]?.assertion
            state.entries[session.key] = Entry(session: session, loadedAt: now, assertion: assertion)
        }
    }

    /// Changes what is cached of one session, if it is.
    func update(_ key: SessionKey, _ change: (inout Entry) -> Void) {
        state.withLock { state in
            guard var entry = state.entries[key] else { return }
            change(&entry)
            state.entries[key] = entry
        }
    }

    func drop(_ key: SessionKey) {
        state.withLock { state in
            state.entries[key] = nil
            state.generation &+= 1
        }
    }
}
