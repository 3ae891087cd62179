package import JOSE

/// What administrators make and change while the program runs, and every process has in memory: a client, or a connector.
package protocol StoredDocument: Sendable, Equatable {
    /// Unique among those of its kind; never changes.
    var id: String { get }
    /// 1 at first; every replacement adds one.
    var version: Int64 { get }
    var createdAt: UnixTime { get }
    /// What a store keeps in one column, beside the others.
    var content: JSONValue { get }

    /// From a store's columns; `nil` for what is damaged.
    init?(id: String, version: Int64, createdAt: UnixTime, content: JSONValue)
}

/// Where documents of one kind are kept. Every operation either has happened when it returns, or throws.
///
/// There are few of them, and all are read at once: who asks for tokens must not wait for a store.
package protocol DocumentStore<Document>: Sendable {
    associatedtype Document: StoredDocument

    /// All documents and what they are the state of; `nil` where nothing has changed since `revision`.
    func documents(since revision: Int64?) async throws(ProviderStoreFailure) -> DocumentSnapshot<Document>?

    /// - Returns: `false`, with nothing written, where there is one with this id.
    func create(_ document: Document) async throws(ProviderStoreFailure) -> Bool

    /// Compare-and-swap: replaces the stored document of this id if its version is `document.version - 1`.
    func replace(_ document: Document) async throws(ProviderStoreFailure) -> Bool

    /// - Returns: whether there was one.
    func delete(id: String) async throws(ProviderStoreFailure) -> Bool
}

/// All documents of a kind at one moment.
package struct DocumentSnapshot<Document: StoredDocument>: Sendable, Equatable {
    /// Greater with every change; 0 where there has been none.
    package let revision: Int64
    /// By their ids.
    package let documents: [Document]

    package init(revision: Int64, documents: [Document]) {
        self.revision = revision
        self.documents = documents
    }
}

/// Where the provider keeps clients beside those of the configuration.
package typealias ClientStore = DocumentStore<StoredClient>

/// Where the provider keeps connectors beside those of the configuration.
package typealias ConnectorStore = DocumentStore<StoredConnector>
