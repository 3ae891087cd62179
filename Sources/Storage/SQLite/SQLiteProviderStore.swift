import AuthService
import FoundationEssentials
import GRDB
package import JOSE
import OpenIDConnect
package import OpenIDProvider

/// Codes and grants of the provider in SQLite. A write is on disk when it returns.
package struct SQLiteProviderStore: ProviderStore {
    let database: SQLiteProviderDatabase

    package init(_ database: SQLiteDatabase) { self.database = SQLiteProviderDatabase(database) }

    static let tables = """
        CREATE TABLE authorization_codes (
            key BLOB PRIMARY KEY NOT NULL,
            grant_id TEXT NOT NULL,
            client TEXT NOT NULL,
            redirect_uri TEXT NOT NULL,
            nonce TEXT,
            code_challenge TEXT,
            expires_at INTEGER NOT NULL,
            is_used INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX authorization_codes_expires_at ON authorization_codes (expires_at);
        CREATE TABLE grants (
            id TEXT PRIMARY KEY NOT NULL,
            version INTEGER NOT NULL,
            session TEXT NOT NULL,
            client TEXT NOT NULL,
            subject TEXT NOT NULL,
            connector TEXT NOT NULL,
            user_id TEXT NOT NULL,
            user_claims TEXT NOT NULL,
            auth_time INTEGER NOT NULL,
            scope TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            refresh_handle BLOB UNIQUE,
            refresh_key BLOB,
            refresh_generation INTEGER,
            refresh_rotated_at INTEGER
        ) WITHOUT ROWID;
        CREATE INDEX grants_session ON grants (session);
        CREATE INDEX grants_expires_at ON grants (expires_at);
        """

    package func create(_ grant: GrantRecord, with code: AuthorizationCodeRecord) async throws(ProviderStoreFailure) {
        try await database.write { db in
            try GrantRow.insert(grant, db)
            try db.insert(into: "authorization_codes", AuthorizationCodeRow.columns, AuthorizationCodeRow.values(code))
        }
    }

    package func create(_ grant: GrantRecord) async throws(ProviderStoreFailure) {
        try await database.write { db in try GrantRow.insert(grant, db) }
    }

    package func authorizationCode(_ key: SecretDigest) async throws(ProviderStoreFailure) -> AuthorizationCodeRecord? {
        try await database.read { db in
            try db.row(from: "authorization_codes", AuthorizationCodeRow.columns, where: "key = ?", [Data(key.bytes)]).map {
                try AuthorizationCodeRow.read($0)
            }
        }
    }

    package func takeAuthorizationCode(_ key: SecretDigest) async throws(ProviderStoreFailure) -> Bool {
        try await changes("UPDATE authorization_codes SET is_used = 1 WHERE key = ? AND is_used = 0", [Data(key.bytes)]) == 1
    }

    package func grant(id: String) async throws(ProviderStoreFailure) -> GrantRecord? {
        try await database.read { db in
            try db.row(from: "grants", GrantRow.columns, where: "id = ?", [id]).map { try GrantRow.read($0) }
        }
    }

    package func grant(refreshHandle: SecretDigest) async throws(ProviderStoreFailure) -> GrantRecord? {
        try await database.read { db in
            try db.row(from: "grants", GrantRow.columns, where: "refresh_handle = ?", [Data(refreshHandle.bytes)]).map {
                try GrantRow.read($0)
            }
        }
    }

    package func grants(_ selection: GrantSelection, limit: Int) async throws(ProviderStoreFailure) -> [GrantRecord] {
        try await database.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM grants WHERE (:client IS NULL OR client = :client)
                        AND (:user IS NULL OR :user IN (subject, user_claims ->> '$.email', user_claims ->> '$.preferred_username'))
                    ORDER BY created_at DESC, id DESC LIMIT :limit
                    """,
                arguments: ["client": selection.client, "user": selection.user, "limit": max(0, limit)]
            ).map { try GrantRow.read($0) }
        }
    }

    package func replace(_ grant: GrantRecord) async throws(ProviderStoreFailure) -> Bool {
        try await database.write { db in try GrantRow.replace(grant, db) }
    }

    package func endGrant(id: String) async throws(ProviderStoreFailure) -> Bool {
        try await changes("DELETE FROM grants WHERE id = ?", [id]) > 0
    }

    package func endGrants(sessionID: String) async throws(ProviderStoreFailure) -> Int {
        try await changes("DELETE FROM grants WHERE session = ?", [sessionID])
    }

    package func endGrants(subject: String, exceptSessionID kept: String?) async throws(ProviderStoreFailure) -> Int {
        try await changes("DELETE FROM grants WHERE subject = ? AND session <> ?", [subject, kept ?? ""])
    }

    package func sweep(
        codesExpiredAt: UnixTime, grantsExpiredAt: UnixTime, limit: Int
    ) async throws(ProviderStoreFailure) -> Int {
        let codes = try await changes(
            "DELETE FROM authorization_codes WHERE key IN (SELECT key FROM authorization_codes WHERE expires_at <= ? LIMIT ?)",
            [codesExpiredAt.seconds, limit])
        let grants = try await changes(
            "DELETE FROM grants WHERE id IN (SELECT id FROM grants WHERE expires_at <= ? LIMIT ?)",
            [grantsExpiredAt.seconds, limit])
        return codes + grants
    }

    private func changes(
        _ sql: String, _ arguments: [(any DatabaseValueConvertible & Sendable)]
    ) async throws(ProviderStoreFailure) -> Int {
        try await database.write { db in try db.change(sql, StatementArguments(arguments)) }
    }
}
