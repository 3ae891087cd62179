package import OpenIDProvider

/// The provider's documents of one kind in Postgres. Every change takes the one row of the revision first, and so waits for others.
package struct PostgresDocumentStore<Document: KeptDocument>: DocumentStore {
    private let database: PostgresProviderDatabase

    package init(_ database: PostgresDatabase) { self.database = PostgresProviderDatabase(database) }

    private static var table: String { Document.place.table }
    private static var revisionTable: String { Document.place.revisionTable }

    static var tables: String {
        """
        CREATE TABLE \(table) (
            id TEXT COLLATE "C" PRIMARY KEY,
            version BIGINT NOT NULL,
            content TEXT NOT NULL,
            created_at BIGINT NOT NULL
        );
        CREATE TABLE \(revisionTable) (revision BIGINT NOT NULL);
        INSERT INTO \(revisionTable) VALUES (0);
        """
    }

    /// The revision is read first: documents that are newer than it are read once more, and none that is older is taken for new.
    package func documents(since known: Int64?) async throws(ProviderStoreFailure) -> DocumentSnapshot<Document>? {
        let read = try await database.one("SELECT revision FROM \(Self.revisionTable)", []) { try $0.integer("revision") }
        let revision = read ?? 0
        guard known != revision else { return nil }
        let sql = "SELECT \(PostgresSQL.list(DocumentRow.columns)) FROM \(Self.table) ORDER BY id"
        let documents: [Document] = try await database.all(sql, []) { try DocumentRow.read($0) }
        return DocumentSnapshot(revision: revision, documents: documents)
    }

    package func create(_ document: Document) async throws(ProviderStoreFailure) -> Bool {
        try await change(
            PostgresSQL.insert(into: Self.table, DocumentRow.columns, "ON CONFLICT DO NOTHING"), DocumentRow.values(document))
    }

    package func replace(_ document: Document) async throws(ProviderStoreFailure) -> Bool {
        try await change(
            PostgresSQL.replace(Self.table, DocumentRow.columns),
            DocumentRow.values(document) + [.versionBefore(document.version)])
    }

    package func delete(id: String) async throws(ProviderStoreFailure) -> Bool {
        try await change("DELETE FROM \(Self.table) WHERE id = $1", [.of(id)])
    }

    /// - Returns: whether there was a row to change.
    private func change(_ sql: String, _ values: [ColumnValue]) async throws(ProviderStoreFailure) -> Bool {
        try await database.transaction { db in
            _ = try db.rows("SELECT revision FROM \(Self.revisionTable) FOR UPDATE", [])
            guard try db.change(sql, values) == 1 else { return false }
            try db.change("UPDATE \(Self.revisionTable) SET revision = revision + 1", [])
            return true
        }
    }
}
