import AuthService
import GRDB
import JOSE
package import OpenIDProvider

/// The provider's clients in SQLite. A write is on disk when it returns.
package struct SQLiteClientStore: ClientStore {
    private let database: SQLiteProviderDatabase

    package init(_ database: SQLiteDatabase) { self.database = SQLiteProviderDatabase(database) }

    static let tables = """
        CREATE TABLE clients (
            id TEXT PRIMARY KEY NOT NULL,
            version INTEGER NOT NULL,
            content TEXT NOT NULL,
            created_at INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE client_revision (revision INTEGER NOT NULL);
        INSERT INTO client_revision VALUES (0);
        """

    package func clients(since known: Int64?) async throws(ProviderStoreFailure) -> ClientSnapshot? {
        try await database.read { db in
            let revision = try Int64.fetchOne(db, sql: "SELECT revision FROM client_revision") ?? 0
            guard known != revision else { return nil }
            let rows = try Row.fetchAll(db, sql: "SELECT * FROM clients ORDER BY id")
            return ClientSnapshot(revision: revision, clients: try rows.map { try ClientRow.read($0) })
        }
    }

    package func create(_ client: StoredClient) async throws(ProviderStoreFailure) -> Bool {
        try await changing { db in
            try db.insert("INSERT OR IGNORE", into: "clients", ClientRow.columns, ClientRow.values(client)) == 1
        }
    }

    package func replace(_ client: StoredClient) async throws(ProviderStoreFailure) -> Bool {
        try await changing { db in
            try db.update(
                "clients", ClientRow.columns, ClientRow.values(client), whereFirstIs: .of(client.id),
                versionBefore: client.version)
        }
    }

    package func deleteClient(id: String) async throws(ProviderStoreFailure) -> Bool {
        try await changing { db in
            try db.change("DELETE FROM clients WHERE id = ?", [id]) == 1
        }
    }

    /// - Parameter change: says whether there was a row to change.
    private func changing(_ change: @escaping @Sendable (Database) throws -> Bool) async throws(ProviderStoreFailure) -> Bool {
        try await database.write { db in
            guard try change(db) else { return false }
            try db.execute(sql: "UPDATE client_revision SET revision = revision + 1")
            return true
        }
    }
}
