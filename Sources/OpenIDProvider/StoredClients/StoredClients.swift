import Synchronization
import Web

/// The clients of the store as they are now, in memory: the endpoints look here and nowhere else. What this process changes holds at
/// once; what another has changed, once `follow` has run.
package final class StoredClients: Sendable {
    private struct Held: Sendable {
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
        let known = held.withLock { $0.revision }
        guard let snapshot = try await store.documents(since: known) else { return }
        let usable = snapshot.documents.compactMap(\.client).map { ($0.id, $0) }
        let registered = snapshot.documents.filter { $0.registration != nil }.map { ($0.id, $0) }
        held.withLock { held in
            // Of two that read at the same time the later word counts.
            guard held.revision.map({ $0 < snapshot.revision }) ?? true else { return }
            held = Held(
                revision: snapshot.revision, clients: Dictionary(usable) { first, _ in first },
                registered: Dictionary(registered) { first, _ in first }, all: snapshot.documents)
        }
    }

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
