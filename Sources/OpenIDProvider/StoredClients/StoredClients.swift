import Synchronization
import Web

/// The clients of the store as they are now, in memory: the endpoints look here and nowhere else. What this process changes holds at
/// once; what another has changed, once `follow` has run.
package final class StoredClients: Sendable {
    private struct Held: Sendable {
        /// How many readings have begun, and the one whose outcome this is.
        var (begun, taken) = (0, 0)
        var revision: Int64?
        /// By id; disabled ones are none.
        var clients: [String: Client] = [:]
        /// By id: those that have registered themselves.
        var registered: [String: StoredClient] = [:]
        var all: [StoredClient] = []
    }

    let store: any ClientStore
    private let held = Mutex(Held())

    /// Those of a store that has none yet, as far as is known: `follow` reads it.
    package init(store: any ClientStore) { self.store = store }

    /// Those of the store.
    package static func load(_ store: any ClientStore) async throws(ProviderStoreFailure) -> StoredClients {
        let clients = StoredClients(store: store)
        try await clients.follow()
        return clients
    }

    /// Reads what another process has changed. Somebody has to call it every now and then.
    package func follow() async throws(ProviderStoreFailure) {
        let (reading, known) = held.withLock { held in
            held.begun += 1
            return (held.begun, held.revision)
        }
        guard let snapshot = try await store.documents(since: known) else { return }
        let usable = snapshot.documents.compactMap(\.client).map { ($0.id, $0) }
        let registered = snapshot.documents.filter { $0.registration != nil }.map { ($0.id, $0) }
        held.withLock { held in
            // Of two readings the one counts that began later: it has seen whatever was there before the other began. The number itself can
            // go back, where a database has lost its last moments.
            guard held.taken < reading else { return }
            held = Held(
                begun: held.begun, taken: reading, revision: snapshot.revision, clients: Dictionary(usable) { first, _ in first },
                registered: Dictionary(registered) { first, _ in first }, all: snapshot.documents)
        }
    }

    /// After a change that is done, whether it can be read again or not: whoever follows does so a moment later.
    func followIfPossible() async { do throws(ProviderStoreFailure) { try await follow() } catch {} }

    func client(_ id: String) -> Client? {
        held.withLock { $0.clients[id] }.flatMap { sameBytes($0.id, id) ? $0 : nil }
    }

    /// One that has registered itself.
    func registered(_ id: String) -> StoredClient? {
        held.withLock { $0.registered[id] }.flatMap { sameBytes($0.id, id) ? $0 : nil }
    }

    /// All of them, by their ids.
    package var all: [StoredClient] { held.withLock { $0.all } }

    /// Also a disabled one.
    func stored(_ id: String) -> StoredClient? { all.first { sameBytes($0.id, id) } }
}
