/// Where the provider keeps clients beside those of the configuration. Every operation either has happened when it returns, or throws.
///
/// There are few of them, and all are read at once: who asks for tokens must not wait for a store.
package protocol ClientStore: Sendable {
    /// All clients and what they are the state of; `nil` where nothing has changed since `revision`.
    func clients(since revision: Int64?) async throws(ProviderStoreFailure) -> ClientSnapshot?

    /// - Returns: `false`, with nothing written, where there is a client with this id.
    func create(_ client: StoredClient) async throws(ProviderStoreFailure) -> Bool

    /// Compare-and-swap: replaces the stored client of this id if its version is `client.version - 1`.
    func replace(_ client: StoredClient) async throws(ProviderStoreFailure) -> Bool

    /// - Returns: whether there was one.
    func deleteClient(id: String) async throws(ProviderStoreFailure) -> Bool
}

/// All clients of a store at one moment.
package struct ClientSnapshot: Sendable, Equatable {
    /// Greater with every change; 0 where there has been none.
    package let revision: Int64
    /// By their ids.
    package let clients: [StoredClient]

    package init(revision: Int64, clients: [StoredClient]) {
        self.revision = revision
        self.clients = clients
    }
}
