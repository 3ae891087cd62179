import AuthService
import JOSE
package import OpenIDProvider

/// The provider's documents of one kind in Redis, with a number of their own that grows with every change.
package struct RedisDocumentStore<Document: KeptDocument>: DocumentStore {
    private let database: RedisDatabase

    package init(_ database: RedisDatabase) { self.database = database }

    private static var kind: RedisArgument { .text(Document.place.record.rawValue) }

    package func documents(since known: Int64?) async throws(ProviderStoreFailure) -> DocumentSnapshot<Document>? {
        let reply = try await providing { () async throws(StoreFailure) in
            try await database.run(.documents, [Self.kind, .possible(known)] + RedisRecord.list(DocumentFields.all))
        }
        guard let parts = reply.list else { return nil }
        guard parts.count == 2, let revision = parts[0].number, let list = parts[1].list else {
            throw ProviderStoreFailure(detail: RedisDatabase.odd.detail)
        }
        let documents = try list.compactMap { StoredFields(listed: $0) }
            .map { stored throws(ProviderStoreFailure) -> Document in try DocumentFields.read(stored) }
        return DocumentSnapshot(
            revision: revision, documents: documents.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) })
    }

    package func create(_ document: Document) async throws(ProviderStoreFailure) -> Bool {
        try await change(.createDocument, DocumentFields.record(document).arguments)
    }

    package func replace(_ document: Document) async throws(ProviderStoreFailure) -> Bool {
        try await change(.replaceDocument, DocumentFields.record(document).arguments)
    }

    package func delete(id: String) async throws(ProviderStoreFailure) -> Bool {
        try await change(.deleteDocument, [Self.kind, .text(id)])
    }

    private func change(_ script: RedisScript, _ arguments: [RedisArgument]) async throws(ProviderStoreFailure) -> Bool {
        try await providing { () async throws(StoreFailure) in try await database.count(script, arguments) == 1 }
    }
}

/// A document as a record.
enum DocumentFields {
    static let all: [RedisArgument] = ["b", "v"]

    static func record<Document: KeptDocument>(_ document: Document) -> RedisRecord {
        RedisRecord(
            Document.place.record, id: document.id, version: document.version, order: document.createdAt, names: ["all"],
            body: body(document))
    }

    static func body(_ document: some StoredDocument) -> RecordWriter {
        var body = RecordWriter()
        body.write(document.content.jsonBytes)
        body.write(document.createdAt)
        return body
    }

    static func read<Document: KeptDocument>(_ stored: StoredFields) throws(ProviderStoreFailure) -> Document {
        try reading(Document.place.one) { () throws(RecordReader.Damaged) in
            var body = try stored.reader()
            guard let content = try? JSONReader.read(try body.bytes()),
                let document = Document(
                    id: stored.id, version: try stored.number(1), createdAt: try body.moment(), content: content)
            else { throw RecordReader.Damaged() }
            return document
        }
    }
}
