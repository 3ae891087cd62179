import AuthService
import GRDB
package import JOSE
package import OpenIDProvider

/// What upstreams are asked again with, in SQLite. A write is on disk when it returns.
package struct SQLiteUpstreamStore: UpstreamStore {
    private let database: SQLiteDatabase

    package init(_ database: SQLiteDatabase) { self.database = database }

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
        try await run { db in
            try Row.fetchOne(db, sql: "SELECT * FROM upstream_tokens WHERE account = ?", arguments: [accountID]).map { row in
                let claimedUntil: Int64? = row["claimed_until"]
                return UpstreamTokens(
                    accountID: row["account"], sealed: row["sealed"],
                    claimedUntil: claimedUntil.map { UnixTime(seconds: $0) },
                    expiresAt: UnixTime(seconds: row["expires_at"]), version: row["version"])
            }
        }
    }

    package func keep(_ tokens: UpstreamTokens) async throws(ProviderStoreFailure) {
        try await run { db in
            try db.execute(
                sql: "INSERT OR REPLACE INTO upstream_tokens VALUES (?, ?, ?, ?, ?)",
                arguments: [
                    tokens.accountID, tokens.sealed, tokens.claimedUntil?.seconds, tokens.expiresAt.seconds, tokens.version,
                ])
        }
    }

    package func replace(_ tokens: UpstreamTokens) async throws(ProviderStoreFailure) -> Bool {
        try await run { db in
            try db.execute(
                sql: """
                    UPDATE upstream_tokens SET sealed = ?, claimed_until = ?, expires_at = ?, version = ?
                    WHERE account = ? AND version = ?
                    """,
                arguments: [
                    tokens.sealed, tokens.claimedUntil?.seconds, tokens.expiresAt.seconds, tokens.version, tokens.accountID,
                    tokens.version &- 1,
                ])
            return db.changesCount == 1
        }
    }

    package func dropUpstreamTokens(accountIDs: [String]) async throws(ProviderStoreFailure) {
        guard !accountIDs.isEmpty else { return }
        try await run { db in
            for id in accountIDs { try db.execute(sql: "DELETE FROM upstream_tokens WHERE account = ?", arguments: [id]) }
        }
    }

    package func sweep(expiredAt: UnixTime, limit: Int) async throws(ProviderStoreFailure) -> Int {
        try await run { db in
            try db.execute(
                sql: """
                    DELETE FROM upstream_tokens
                    WHERE account IN (SELECT account FROM upstream_tokens WHERE expires_at <= ? LIMIT ?)
                    """,
                arguments: [expiredAt.seconds, limit])
            return db.changesCount
        }
    }

    private func run<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(ProviderStoreFailure) -> Value {
        do throws(StoreFailure) { return try await database.write(body) } catch {
            throw ProviderStoreFailure(detail: error.detail)
        }
    }
}
