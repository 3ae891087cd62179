package import OpenIDProvider

/// The provider's clients in memory. Gone with the process.
package actor MemoryClientStore: ClientStore {
    private var clients: [[UInt8]: StoredClient] = [:]
    private var revision: Int64 = 0

    package init() {}

    package func clients(since known: Int64?) async throws(ProviderStoreFailure) -> ClientSnapshot? {
        guard known != revision else { return nil }
        let sorted = clients.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
        return ClientSnapshot(revision: revision, clients: sorted)
    }

    package func create(_ client: StoredClient) async throws(ProviderStoreFailure) -> Bool {
        try RecordLimit.checkProvider(ClientRow.values(client))
        guard clients[Self.key(client.id)] == nil else { return false }
        write(client, id: client.id)
        return true
    }

    package func replace(_ client: StoredClient) async throws(ProviderStoreFailure) -> Bool {
        try RecordLimit.checkProvider(ClientRow.values(client))
        guard let stored = clients[Self.key(client.id)], stored.version == client.version &- 1 else { return false }
        write(client, id: client.id)
        return true
    }

    package func deleteClient(id: String) async throws(ProviderStoreFailure) -> Bool {
        guard clients[Self.key(id)] != nil else { return false }
        write(nil, id: id)
        return true
    }

    private func write(_ client: StoredClient?, id: String) {
        clients[Self.key(id)] = client
        revision &+= 1
    }

    private static func key(_ id: String) -> [UInt8] { Array(id.utf8) }
}
