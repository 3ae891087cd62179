package import OpenIDProvider

/// The provider's documents of one kind in memory. Gone with the process.
package actor MemoryDocumentStore<Document: StoredDocument>: DocumentStore {
    private var documents: [[UInt8]: Document] = [:]
    private var revision: Int64 = 0

    package init() {}

    package func documents(since known: Int64?) async throws(ProviderStoreFailure) -> DocumentSnapshot<Document>? {
        guard known != revision else { return nil }
        let sorted = documents.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
        return DocumentSnapshot(revision: revision, documents: sorted)
    }

    package func create(_ document: Document) async throws(ProviderStoreFailure) -> Bool {
        try RecordLimit.checkProvider(DocumentRow.values(document))
        guard documents[Self.key(document.id)] == nil else { return false }
        write(document, id: document.id)
        return true
    }

    package func replace(_ document: Document) async throws(ProviderStoreFailure) -> Bool {
        try RecordLimit.checkProvider(DocumentRow.values(document))
        guard let stored = documents[Self.key(document.id)], stored.version == document.version &- 1 else { return false }
        write(document, id: document.id)
        return true
    }

    package func delete(id: String) async throws(ProviderStoreFailure) -> Bool {
        guard documents[Self.key(id)] != nil else { return false }
        write(nil, id: id)
        return true
    }

    private func write(_ document: Document?, id: String) {
        documents[Self.key(id)] = document
        revision &+= 1
    }

    private static func key(_ id: String) -> [UInt8] { Array(id.utf8) }
}
