import AuthService
import JOSE
package import OpenIDProvider

/// The provider's clients in Redis, with a number of their own that grows with every change.
package struct RedisClientStore: ClientStore {
    private let database: RedisDatabase

    package init(_ database: RedisDatabase) { self.database = database }

    package func clients(since known: Int64?) async throws(ProviderStoreFailure) -> ClientSnapshot? {
        let reply = try await providing { () async throws(StoreFailure) in
            try await database.run(.clients, [.possible(known)] + RedisRecord.list(ClientFields.all))
        }
        guard let parts = reply.list else { return nil }
        guard parts.count == 2, let revision = parts[0].number, let list = parts[1].list else {
            throw ProviderStoreFailure(detail: RedisDatabase.odd.detail)
        }
        let clients = try list.compactMap { StoredFields(listed: $0) }
            .map { stored throws(ProviderStoreFailure) in try ClientFields.read(stored) }
        return ClientSnapshot(
            revision: revision, clients: clients.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) })
    }

    package func create(_ client: StoredClient) async throws(ProviderStoreFailure) -> Bool {
        try await change(.createClient, ClientFields.record(client).arguments)
    }

    package func replace(_ client: StoredClient) async throws(ProviderStoreFailure) -> Bool {
        try await change(.replaceClient, ClientFields.record(client).arguments)
    }

    package func deleteClient(id: String) async throws(ProviderStoreFailure) -> Bool {
        try await change(.deleteClient, [.text(id)])
    }

    private func change(_ script: RedisScript, _ arguments: [RedisArgument]) async throws(ProviderStoreFailure) -> Bool {
        try await providing { () async throws(StoreFailure) in try await database.count(script, arguments) == 1 }
    }
}

/// A client as a record.
enum ClientFields {
    static let all: [RedisArgument] = ["b", "v"]

    static func record(_ client: StoredClient) -> RedisRecord {
        var body = RecordWriter()
        body.write(client.content.jsonBytes)
        body.write(client.createdAt)
        return RedisRecord(
            .client, id: client.id, version: client.version, order: client.createdAt, names: ["all"], body: body)
    }

    static func read(_ stored: StoredFields) throws(ProviderStoreFailure) -> StoredClient {
        try reading("a client") { () throws(RecordReader.Damaged) in
            var body = try stored.reader()
            guard let content = try? JSONReader.read(try body.bytes()),
                let client = StoredClient(
                    id: stored.id, version: try stored.number(1), createdAt: try body.moment(), content: content)
            else { throw RecordReader.Damaged() }
            return client
        }
    }
}
