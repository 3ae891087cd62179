package import Accounts
package import AuthService
package import JOSE

/// Personal tokens in Postgres.
package struct PostgresPersonalTokenStore: PersonalTokenStore {
    private let database: PostgresDatabase

    package init(_ database: PostgresDatabase) { self.database = database }

    static let tables = """
        CREATE TABLE personal_tokens (
            key BYTEA PRIMARY KEY,
            id TEXT COLLATE "C" UNIQUE NOT NULL,
            name TEXT NOT NULL,
            access TEXT NOT NULL,
            issuer TEXT NOT NULL,
            subject TEXT NOT NULL,
            email TEXT,
            username TEXT,
            claims TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            expires_at BIGINT NOT NULL,
            last_used_at BIGINT
        );
        CREATE INDEX personal_tokens_owner ON personal_tokens (issuer, subject);
        CREATE INDEX personal_tokens_expires_at ON personal_tokens (expires_at);
        """

    private static let columns = PostgresSQL.list(PersonalTokenRow.columns)

    package func create(_ token: PersonalToken, limit: Int) async throws(StoreFailure) -> Bool {
        let owner: [ColumnValue] = [.of(token.identity.issuer), .of(token.identity.subject)]
        return try await database.transaction { db in
            // Of one owner one after the other, so that the limit is one.
            try db.change("SELECT pg_advisory_xact_lock(hashtextextended('personal tokens ' || $1 || ' ' || $2, 0))", owner)
            let count = try db.rows("SELECT count(*) FROM personal_tokens WHERE issuer = $1 AND subject = $2", owner)
            guard let count = count.first?.only.count, count < limit else { return false }
            return try db.change(
                PostgresSQL.insert(into: "personal_tokens", PersonalTokenRow.columns), PersonalTokenRow.values(token)) == 1
        }
    }

    package func load(_ key: SHA256Bytes) async throws(StoreFailure) -> PersonalToken? {
        let rows = try await database.rows("SELECT \(Self.columns) FROM personal_tokens WHERE key = $1", [.of(key.bytes)])
        return try rows.first.readOne { try PersonalTokenRow.read($0) }
    }

    package func list(_ selection: PersonalTokenSelection, limit: Int) async throws(StoreFailure) -> [PersonalToken] {
        let (condition, values): (String, [ColumnValue]) =
            switch selection {
            case .all: ("true", [])
            case .owner(let issuer, let subject): ("issuer = $1 AND subject = $2", [.of(issuer), .of(subject)])
            case .user(let name): ("subject = $1 OR email = $1 OR username = $1", [.of(name)])
            }
        let rows = try await database.rows(
            """
            SELECT \(Self.columns) FROM personal_tokens WHERE \(condition)
            ORDER BY created_at DESC, id DESC LIMIT $\(values.count + 1)
            """, values + [.limit(limit)])
        return try rows.readAll { try PersonalTokenRow.read($0) }
    }

    package func touch(_ key: SHA256Bytes, usedAt: UnixTime) async throws(StoreFailure) {
        try await database.change(
            "UPDATE personal_tokens SET last_used_at = $1 WHERE key = $2 AND (last_used_at IS NULL OR last_used_at < $1)",
            [.of(usedAt.seconds), .of(key.bytes)])
    }

    package func renew(_ identity: Identity) async throws(StoreFailure) {
        try await database.change(
            "UPDATE personal_tokens SET claims = $1, email = $2, username = $3 WHERE issuer = $4 AND subject = $5",
            [
                .of(JSONValue.object(identity.claims).jsonText), .of(identity.email), .of(identity.preferredUsername),
                .of(identity.issuer), .of(identity.subject),
            ])
    }

    package func delete(_ key: SHA256Bytes) async throws(StoreFailure) -> Bool {
        try await database.change("DELETE FROM personal_tokens WHERE key = $1", [.of(key.bytes)]) > 0
    }

    package func sweep(expiredAt: UnixTime, limit: Int) async throws(StoreFailure) -> Int {
        try await database.change(
            PostgresSQL.sweep("personal_tokens", key: "key"), [.of(expiredAt.seconds), .limit(limit)])
    }
}
