import AuthService
import GRDB
package import JOSE
package import OpenIDProvider

/// What upstreams are asked again with, in SQLite. A write is on disk when it returns.
package struct SQLiteUpstreamStore: UpstreamStore {
    private let database: SQLiteProviderDatabase

    package init(_ database: SQLiteDatabase) { self.database = SQLiteProviderDatabase(database) }

    static let tables = """
        CREATE TABLE upstream_tokens (
            account TEXT PRIMARY KEY NOT NULL,
            sealed TEXT NOT NULL,
            claimed_until INTEGER,
            expires_at INTEGER NOT NULL,
            version INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX upstream_tokens_expires_at ON upstream_tokens (expires_at);
        """

    package func upstreamTokens(accountID: String) async throws(ProviderStoreFailure) -> UpstreamTokens? {
        try await database.write { db in
            try db.row(from: "upstream_tokens", UpstreamTokensRow.columns, where: "account = ?", [accountID]).map {
                try UpstreamTokensRow.read($0)
            }
        }
    }

    package func keep(_ tokens: UpstreamTokens) async throws(ProviderStoreFailure) {
        _ = try await database.write { db in
            try db.insert(
                "INSERT OR REPLACE", into: "upstream_tokens", UpstreamTokensRow.columns, UpstreamTokensRow.values(tokens))
        }
    }

    package func replace(_ tokens: UpstreamTokens) async throws(ProviderStoreFailure) -> Bool {
        try await database.write { db in
            try db.update(
                "upstream_tokens", UpstreamTokensRow.columns, UpstreamTokensRow.values(tokens),
                whereFirstIs: .of(tokens.accountID), versionBefore: tokens.version)
        }
    }

    package func dropUpstreamTokens(accountIDs: [String]) async throws(ProviderStoreFailure) {
        guard !accountIDs.isEmpty else { return }
        try await database.write { db in
            for id in accountIDs { try db.execute(sql: "DELETE FROM upstream_tokens WHERE account = ?", arguments: [id]) }
        }
    }

    package func sweep(expiredAt: UnixTime, limit: Int) async throws(ProviderStoreFailure) -> Int {
        try await database.write { db in
            try db.change(
                """
                DELETE FROM upstream_tokens
                WHERE account IN (SELECT account FROM upstream_tokens WHERE expires_at <= ? LIMIT ?)
                """, [expiredAt.seconds, limit])
        }
    }
}
