package import JOSE
import OpenIDConnect
package import OpenIDProvider

/// Codes and grants of the provider in Postgres.
package struct PostgresProviderStore: ProviderStore {
    let database: PostgresProviderDatabase

    package init(_ database: PostgresDatabase) { self.database = PostgresProviderDatabase(database) }

    /// `email` and `username` are what administrators may call people, beside the subject.
    static let tables = """
        CREATE TABLE authorization_codes (
            key BYTEA PRIMARY KEY,
            grant_id TEXT NOT NULL,
            client TEXT NOT NULL,
            redirect_uri TEXT NOT NULL,
            nonce TEXT,
            code_challenge TEXT,
            expires_at BIGINT NOT NULL,
            is_used BOOLEAN NOT NULL
        );
        CREATE INDEX authorization_codes_expires_at ON authorization_codes (expires_at);
        CREATE TABLE grants (
            id TEXT COLLATE "C" PRIMARY KEY,
            version BIGINT NOT NULL,
            session TEXT NOT NULL,
            client TEXT NOT NULL,
            subject TEXT NOT NULL,
            connector TEXT NOT NULL,
            user_id TEXT NOT NULL,
            user_claims TEXT NOT NULL,
            auth_time BIGINT NOT NULL,
            scope TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            expires_at BIGINT NOT NULL,
            refresh_handle BYTEA UNIQUE,
            refresh_key BYTEA,
            refresh_generation BIGINT,
            refresh_rotated_at BIGINT,
            amr TEXT,
            acr TEXT,
            claims TEXT,
            email TEXT,
            username TEXT
        );
        CREATE INDEX grants_session ON grants (session);
        CREATE INDEX grants_subject ON grants (subject);
        CREATE INDEX grants_expires_at ON grants (expires_at);
        """

    private static let columns = PostgresSQL.list(GrantRow.columns)
    static let writtenColumns = GrantRow.columns + ["email", "username"]

    static func values(_ grant: GrantRecord) -> [ColumnValue] {
        let claims = grant.user.claims
        return GrantRow.values(grant) + [.of(claims["email"]?.string), .of(claims["preferred_username"]?.string)]
    }

    package func create(_ grant: GrantRecord, with code: AuthorizationCodeRecord) async throws(ProviderStoreFailure) {
        try await database.transaction { db in
            try db.change(PostgresSQL.insert(into: "grants", Self.writtenColumns), Self.values(grant))
            try db.change(
                PostgresSQL.insert(into: "authorization_codes", AuthorizationCodeRow.columns), AuthorizationCodeRow.values(code))
        }
    }

    package func create(_ grant: GrantRecord) async throws(ProviderStoreFailure) {
        try await database.change(PostgresSQL.insert(into: "grants", Self.writtenColumns), Self.values(grant))
    }

    package func authorizationCode(_ key: SecretDigest) async throws(ProviderStoreFailure) -> AuthorizationCodeRecord? {
        try await database.one(
            "SELECT \(PostgresSQL.list(AuthorizationCodeRow.columns)) FROM authorization_codes WHERE key = $1", [.of(key.bytes)]
        ) { try AuthorizationCodeRow.read($0) }
    }

    package func takeAuthorizationCode(_ key: SecretDigest) async throws(ProviderStoreFailure) -> Bool {
        // A second caller waits for the first, and then finds the code used.
        try await database.change(
            "UPDATE authorization_codes SET is_used = true WHERE key = $1 AND NOT is_used", [.of(key.bytes)]) == 1
    }

    package func grant(id: String) async throws(ProviderStoreFailure) -> GrantRecord? {
        try await database.one("SELECT \(Self.columns) FROM grants WHERE id = $1", [.of(id)]) { try GrantRow.read($0) }
    }

    package func grant(refreshHandle: SecretDigest) async throws(ProviderStoreFailure) -> GrantRecord? {
        try await database.one("SELECT \(Self.columns) FROM grants WHERE refresh_handle = $1", [.of(refreshHandle.bytes)]) {
            try GrantRow.read($0)
        }
    }

    package func grants(_ selection: GrantSelection, limit: Int) async throws(ProviderStoreFailure) -> [GrantRecord] {
        try await database.all(
            """
            SELECT \(Self.columns) FROM grants WHERE ($1::text IS NULL OR client = $1)
                AND ($2::text IS NULL OR subject = $2 OR email = $2 OR username = $2)
            ORDER BY created_at DESC, id DESC LIMIT $3
            """, [.of(selection.client), .of(selection.user), .limit(limit)]
        ) { try GrantRow.read($0) }
    }

    package func replace(_ grant: GrantRecord) async throws(ProviderStoreFailure) -> Bool {
        try await database.change(
            PostgresSQL.replace("grants", Self.writtenColumns), Self.values(grant) + [.versionBefore(grant.version)]) == 1
    }

    package func endGrant(id: String) async throws(ProviderStoreFailure) -> Bool {
        try await database.change("DELETE FROM grants WHERE id = $1", [.of(id)]) > 0
    }

    package func endGrants(sessionID: String) async throws(ProviderStoreFailure) -> Int {
        try await database.change("DELETE FROM grants WHERE session = $1", [.of(sessionID)])
    }

    package func endGrants(subject: String, exceptSessionID kept: String?) async throws(ProviderStoreFailure) -> Int {
        try await database.change("DELETE FROM grants WHERE subject = $1 AND session <> $2", [.of(subject), .of(kept ?? "")])
    }

    package func sweep(
        codesExpiredAt: UnixTime, grantsExpiredAt: UnixTime, limit: Int
    ) async throws(ProviderStoreFailure) -> Int {
        let codes = try await database.change(
            PostgresSQL.sweep("authorization_codes", key: "key"), [.of(codesExpiredAt.seconds), .limit(limit)])
        let grants = try await database.change(
            PostgresSQL.sweep("grants", key: "id"), [.of(grantsExpiredAt.seconds), .limit(limit)])
        return codes + grants
    }
}
