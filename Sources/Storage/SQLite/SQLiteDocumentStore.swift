import AuthService
import GRDB
import JOSE
package import OpenIDProvider

/// The provider's documents of one kind in SQLite. A write is on disk when it returns.
package struct SQLiteDocumentStore<Document: KeptDocument>: DocumentStore {
    private let database: SQLiteProviderDatabase

    package init(_ database: SQLiteDatabase) { self.database = SQLiteProviderDatabase(database) }

    private static var table: String { Document.place.table }
    private static var revisionTable: String { Document.place.revisionTable }

    static var tables: String {
        """
        CREATE TABLE \(table) (
            id TEXT PRIMARY KEY NOT NULL,
            version INTEGER NOT NULL,
            content TEXT NOT NULL,
            created_at INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE \(revisionTable) (revision INTEGER NOT NULL);
        INSERT INTO \(revisionTable) VALUES (0);
        """
    }

    package func documents(since known: Int64?) async throws(ProviderStoreFailure) -> DocumentSnapshot<Document>? {
        try await database.read { db in
            let revision = try Int64.fetchOne(db, sql: "SELECT revision FROM \(Self.revisionTable)") ?? 0
            guard known != revision else { return nil }
            let rows = try Row.fetchAll(db, sql: "SELECT * FROM \(Self.table) ORDER BY id")
            return DocumentSnapshot(revision: revision, documents: try rows.map { try DocumentRow.read($0) })
        }
    }

    package func create(_ document: Document) async throws(ProviderStoreFailure) -> Bool {
        try await changing { db in
            try db.insert("INSERT OR IGNORE", into: Self.table, DocumentRow.columns, DocumentRow.values(document)) == 1
        }
    }

    package func replace(_ document: Document) async throws(ProviderStoreFailure) -> Bool {
        try await changing { db in
            try db.update(
                Self.table, DocumentRow.columns, DocumentRow.values(document), whereFirstIs: .of(document.id),
                versionBefore: document.version)
        }
    }

    package func delete(id: String) async throws(ProviderStoreFailure) -> Bool {
        try await changing { db in
            try db.change("DELETE FROM \(Self.table) WHERE id = ?", [id]) == 1
        }
    }

    /// - Parameter change: says whether there was a row to change.
    private func changing(_ change: @escaping @Sendable (Database) throws -> Bool) async throws(ProviderStoreFailure) -> Bool {
        try await database.write { db in
            guard try change(db) else { return false }
            try db.execute(sql: "UPDATE \(Self.revisionTable) SET revision = revision + 1")
            return true
        }
    }
}
