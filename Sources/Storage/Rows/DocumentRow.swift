import JOSE
import OpenIDProvider

/// A document of the store as a row of its kind's table.
enum DocumentRow {
    static let columns = ["id", "version", "content", "created_at"]

    static func values(_ document: some StoredDocument) -> [ColumnValue] {
        [.of(document.id), .of(document.version), .of(document.content.jsonText), .of(document.createdAt.seconds)]
    }

    static func read<Document: KeptDocument>(_ row: some StoredRow) throws -> Document {
        guard let content = try? JSONReader.read(row.text("content").utf8),
            let document = Document(
                id: try row.text("id"), version: try row.integer("version"), createdAt: try row.moment("created_at"),
                content: content)
        else { throw ProviderStoreFailure(detail: "\(Document.place.one)'s row is damaged") }
        return document
    }
}
