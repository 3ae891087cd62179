import JOSE
import OpenIDProvider

/// A client of the store as a row of `clients`.
enum ClientRow {
    static let columns = ["id", "version", "content", "created_at"]

    static func values(_ client: StoredClient) -> [ColumnValue] {
        [.of(client.id), .of(client.version), .of(client.content.jsonText), .of(client.createdAt.seconds)]
    }

    static func read(_ row: some StoredRow) throws -> StoredClient {
        guard let content = try? JSONReader.read(row.text("content").utf8),
            let client = StoredClient(
                id: try row.text("id"), version: try row.integer("version"), createdAt: try row.moment("created_at"),
                content: content)
        else { throw ProviderStoreFailure(detail: "a client's row is damaged") }
        return client
    }
}
