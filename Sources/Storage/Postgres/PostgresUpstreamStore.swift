package import JOSE
package import OpenIDProvider

/// What upstreams are asked again with, in Postgres.
package struct PostgresUpstreamStore: UpstreamStore {
    private let database: PostgresProviderDatabase

    package init(_ database: PostgresDatabase) { self.database = PostgresProviderDatabase(database) }

    static let tables = """
        CREATE TABLE upstream_tokens (
            account TEXT PRIMARY KEY,
            sealed TEXT NOT NULL,
            claimed_until BIGINT,
            expires_at BIGINT NOT NULL,
            version BIGINT NOT NULL
        );
        CREATE INDEX upstream_tokens_expires_at ON upstream_tokens (expires_at);
        """

    package func upstreamTokens(accountID: String) async throws(ProviderStoreFailure) -> UpstreamTokens? {
        try await database.one(
            "SELECT \(PostgresSQL.list(UpstreamTokensRow.columns)) FROM upstream_tokens WHERE account = $1", [.of(accountID)]
        ) { try UpstreamTokensRow.read($0) }
    }

    package func keep(_ tokens: UpstreamTokens) async throws(ProviderStoreFailure) {
        try await database.change(
            PostgresSQL.put(into: "upstream_tokens", UpstreamTokensRow.columns, key: "account"), UpstreamTokensRow.values(tokens))
    }

    package func replace(_ tokens: UpstreamTokens) async throws(ProviderStoreFailure) -> Bool {
        try await database.change(
            PostgresSQL.replace("upstream_tokens", UpstreamTokensRow.columns),
            UpstreamTokensRow.values(tokens) + [.versionBefore(tokens.version)]) == 1
    }

    package func dropUpstreamTokens(accountIDs: [String]) async throws(ProviderStoreFailure) {
        guard !accountIDs.isEmpty else { return }
        try await database.transaction { db in
            for id in accountIDs.sorted() { try db.change("DELETE FROM upstream_tokens WHERE account = $1", [.of(id)]) }
        }
    }

    package func sweep(expiredAt: UnixTime, limit: Int) async throws(ProviderStoreFailure) -> Int {
        try await database.change(
            PostgresSQL.sweep("upstream_tokens", key: "account"), [.of(expiredAt.seconds), .limit(limit)])
    }
}
