package import OpenIDProvider

/// The provider's clients in Postgres. Every change takes the one row of the revision first, and so waits for others.
package struct PostgresClientStore: ClientStore {
    private let database: PostgresProviderDatabase

    package init(_ database: PostgresDatabase) { self.database = PostgresProviderDatabase(database) }

    static let tables = """
        CREATE TABLE clients (
            id TEXT COLLATE "C" PRIMARY KEY,
            version BIGINT NOT NULL,
            content TEXT NOT NULL,
            created_at BIGINT NOT NULL
        );
        CREATE TABLE client_revision (revision BIGINT NOT NULL);
        INSERT INTO client_revision VALUES (0);
        """

    /// The revision is read first: clients that are newer than it are read once more, and none that is older is taken for new.
    package func clients(since known: Int64?) async throws(ProviderStoreFailure) -> ClientSnapshot? {
        let read = try await database.one("SELECT revision FROM client_revision", []) { try $0.integer("revision") }
        let revision = read ?? 0
        guard known != revision else { return nil }
        let clients = try await database.all("SELECT \(PostgresSQL.list(ClientRow.columns)) FROM clients ORDER BY id", []) {
            try ClientRow.read($0)
        }
        return ClientSnapshot(revision: revision, clients: clients)
    }

    package func create(_ client: StoredClient) async throws(ProviderStoreFailure) -> Bool {
        try await change(
            PostgresSQL.insert(into: "clients", ClientRow.columns, "ON CONFLICT DO NOTHING"), ClientRow.values(client))
    }

    package func replace(_ client: StoredClient) async throws(ProviderStoreFailure) -> Bool {
        try await change(
            PostgresSQL.replace("clients", ClientRow.columns), ClientRow.values(client) + [.versionBefore(client.version)])
    }

    package func deleteClient(id: String) async throws(ProviderStoreFailure) -> Bool {
        try await change("DELETE FROM clients WHERE id = $1", [.of(id)])
    }

    /// - Returns: whether there was a row to change.
    private func change(_ sql: String, _ values: [ColumnValue]) async throws(ProviderStoreFailure) -> Bool {
        try await database.transaction { db in
            _ = try db.rows("SELECT revision FROM client_revision FOR UPDATE", [])
            guard try db.change(sql, values) == 1 else { return false }
            try db.change("UPDATE client_revision SET revision = revision + 1", [])
            return true
        }
    }
}
