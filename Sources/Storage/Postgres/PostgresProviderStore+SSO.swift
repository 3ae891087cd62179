import AuthService
package import JOSE
package import OpenIDProvider

/// Sessions at the provider, consents and notices of sign-outs in Postgres.
extension PostgresProviderStore: SSOStore {
    static let ssoTables = """
        CREATE TABLE sso_sessions (
            key BYTEA PRIMARY KEY,
            version BIGINT NOT NULL,
            accounts TEXT NOT NULL,
            is_remembered BOOLEAN NOT NULL,
            created_at BIGINT NOT NULL,
            last_used_at BIGINT NOT NULL,
            expires_at BIGINT NOT NULL
        );
        CREATE INDEX sso_sessions_expires_at ON sso_sessions (expires_at);
        CREATE INDEX sso_sessions_last_used_at ON sso_sessions (last_used_at);
        CREATE TABLE sso_accounts (
            id TEXT PRIMARY KEY,
            session BYTEA NOT NULL REFERENCES sso_sessions (key) ON DELETE CASCADE,
            subject TEXT NOT NULL
        );
        CREATE INDEX sso_accounts_session ON sso_accounts (session);
        CREATE INDEX sso_accounts_subject ON sso_accounts (subject);
        CREATE TABLE consents (
            subject TEXT NOT NULL,
            client TEXT COLLATE "C" NOT NULL,
            scope TEXT NOT NULL,
            given_at BIGINT NOT NULL,
            PRIMARY KEY (subject, client)
        );
        CREATE TABLE logout_notices (
            id TEXT PRIMARY KEY,
            client TEXT NOT NULL,
            session TEXT NOT NULL,
            subject TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            attempts BIGINT NOT NULL,
            next_attempt_at BIGINT NOT NULL
        );
        CREATE INDEX logout_notices_next_attempt_at ON logout_notices (next_attempt_at);
        """

    private static let columns = SSOSessionRow.columns.map { "s.\($0)" }.joined(separator: ", ")

    package func session(_ key: SecretDigest) async throws(ProviderStoreFailure) -> SSOSession? {
        try await database.one("SELECT \(Self.columns) FROM sso_sessions s WHERE key = $1", [.of(key.bytes)]) {
            try SSOSessionRow.read($0)
        }
    }

    private static let ofAccount =
        "SELECT \(columns) FROM sso_sessions s JOIN sso_accounts a ON a.session = s.key WHERE a.id = $1"

    package func session(ofAccount id: String) async throws(ProviderStoreFailure) -> SSOSession? {
        try await database.one(Self.ofAccount, [.of(id)]) { try SSOSessionRow.read($0) }
    }

    /// Postgres refuses to take a member out of an object where any of its strings has a NUL, be it of another member: there is none in
    /// whom anybody looks for.
    package func sessions(ofUser user: String?, limit: Int) async throws(ProviderStoreFailure) -> [SSOSession] {
        try await database.all(
            """
            SELECT \(Self.columns) FROM sso_sessions s WHERE $1::text IS NULL OR EXISTS (
                SELECT 1 FROM json_array_elements(replace(accounts, '\\u0000', '\\u0001')::json) a WHERE $1 IN (
                    a ->> 'sub', a -> 'claims' ->> 'email', a -> 'claims' ->> 'preferred_username'))
            ORDER BY last_used_at DESC LIMIT $2
            """, [.of(user), .limit(limit)]
        ) { try SSOSessionRow.read($0) }
    }

    package func begin(
        _ session: SSOSession, inPlaceOf old: SSOSession?
    ) async throws(ProviderStoreFailure) -> Bool {
        try await database.transaction { db in
            if let old {
                let ended = try db.change(
                    "DELETE FROM sso_sessions WHERE key = $1 AND version = $2", [.of(old.key.bytes), .of(old.version)])
                guard ended == 1 else { return false }
            }
            try db.change(PostgresSQL.insert(into: "sso_sessions", SSOSessionRow.columns), SSOSessionRow.values(session))
            for account in session.accounts { try Self.insert(account, of: session, db) }
            return true
        }
    }

    static func insert(_ account: SSOAccount, of session: SSOSession, _ db: PostgresSession) throws {
        try db.change(
            PostgresSQL.insert(into: "sso_accounts", SSOSessionRow.accountColumns),
            [.of(account.id), .of(session.key.bytes), .of(account.subject)])
    }

    package func replace(_ session: SSOSession) async throws(ProviderStoreFailure) -> Bool {
        try await database.change(
            "UPDATE sso_sessions SET version = $1, accounts = $2, last_used_at = $3 WHERE key = $4 AND version = $5",
            [
                .of(session.version), .of(SSOSessionRow.text(session.accounts)), .of(session.lastUsedAt.seconds),
                .of(session.key.bytes), .versionBefore(session.version),
            ]) == 1
    }

    package func end(_ ending: SSOEnding, keepingOffline: Bool) async throws(ProviderStoreFailure) {
        let offline = keepingOffline ? " AND position(' offline_access ' IN ' ' || scope || ' ') = 0" : ""
        try await database.transaction { db in
            // In one order for all, so that no two wait for each other.
            for id in ending.accountIDs.sorted() {
                try Self.remove(account: id, db)
                try db.change("DELETE FROM grants WHERE session = $1" + offline, [.of(id)])
            }
            for notice in ending.notices {
                try db.change(
                    PostgresSQL.insert(into: "logout_notices", LogoutNoticeRow.columns), LogoutNoticeRow.values(notice))
            }
        }
    }

    /// Takes an account out of its session, and ends the session that has no other.
    private static func remove(account id: String, _ db: PostgresSession) throws {
        let row = try db.rows(ofAccount + " FOR UPDATE OF s", [.of(id)]).first
        guard let session = try row.map({ try SSOSessionRow.read($0) }) else { return }
        let others = session.accounts.filter { $0.id != id }
        try db.change("DELETE FROM sso_accounts WHERE id = $1", [.of(id)])
        if others.isEmpty {
            try db.change("DELETE FROM sso_sessions WHERE key = $1", [.of(session.key.bytes)])
        } else {
            try db.change(
                "UPDATE sso_sessions SET accounts = $1, version = version + 1 WHERE key = $2",
                [.of(SSOSessionRow.text(others)), .of(session.key.bytes)])
        }
    }

    package func accounts(ofSubject subject: String) async throws(ProviderStoreFailure) -> [String] {
        try await database.all("SELECT id FROM sso_accounts WHERE subject = $1", [.of(subject)]) { try $0.text("id") }
    }

    package func sweepSessions(
        expiredAt: UnixTime, idleBefore: UnixTime, limit: Int
    ) async throws(ProviderStoreFailure) -> Int {
        try await database.change(
            """
            DELETE FROM sso_sessions WHERE key IN (
                SELECT key FROM sso_sessions WHERE expires_at <= $1 OR last_used_at <= $2 LIMIT $3 FOR UPDATE SKIP LOCKED)
            """, [.of(expiredAt.seconds), .of(idleBefore.seconds), .limit(limit)])
    }
}

extension PostgresProviderStore {
    package func consent(subject: String, client: String) async throws(ProviderStoreFailure) -> ConsentRecord? {
        try await database.one(
            "SELECT \(PostgresSQL.list(ConsentRow.columns)) FROM consents WHERE subject = $1 AND client = $2",
            [.of(subject), .of(client)]
        ) { try ConsentRow.read($0) }
    }

    package func consents(ofSubject subject: String) async throws(ProviderStoreFailure) -> [ConsentRecord] {
        try await database.all(
            "SELECT \(PostgresSQL.list(ConsentRow.columns)) FROM consents WHERE subject = $1 ORDER BY client", [.of(subject)]
        ) { try ConsentRow.read($0) }
    }

    package func remember(_ consent: ConsentRecord) async throws(ProviderStoreFailure) {
        try await database.change(
            PostgresSQL.put(into: "consents", ConsentRow.columns, key: "subject, client"), ConsentRow.values(consent))
    }

    package func revokeConsent(subject: String, client: String) async throws(ProviderStoreFailure) {
        try await database.transaction { db in
            for table in ["consents", "grants"] {
                try db.change("DELETE FROM \(table) WHERE subject = $1 AND client = $2", [.of(subject), .of(client)])
            }
        }
    }

    package func claimNotices(
        dueAt now: UnixTime, until: UnixTime, limit: Int
    ) async throws(ProviderStoreFailure) -> [LogoutNotice] {
        // What another replica takes at this moment is left to it.
        let rows = try await database.transaction { db in
            try db.rows(
                """
                UPDATE logout_notices SET next_attempt_at = $2 WHERE id IN (
                    SELECT id FROM logout_notices WHERE next_attempt_at <= $1 ORDER BY next_attempt_at LIMIT $3
                    FOR UPDATE SKIP LOCKED)
                RETURNING \(PostgresSQL.list(LogoutNoticeRow.columns))
                """, [.of(now.seconds), .of(until.seconds), .limit(limit)])
        }
        do { return try rows.readAll { try LogoutNoticeRow.read($0) }.sorted { $0.createdAt < $1.createdAt } } catch {
            throw ProviderStoreFailure(detail: error.detail)
        }
    }

    package func dropNotice(id: String) async throws(ProviderStoreFailure) {
        try await database.change("DELETE FROM logout_notices WHERE id = $1", [.of(id)])
    }

    package func postponeNotice(id: String, until next: UnixTime) async throws(ProviderStoreFailure) {
        try await database.change(
            "UPDATE logout_notices SET attempts = attempts + 1, next_attempt_at = $1 WHERE id = $2",
            [.of(next.seconds), .of(id)])
    }
}
