import Accounts
package import AuthService
package import JOSE

/// Sessions in Postgres. Every change but `touch` leaves a row in `session_changes`, so that other replicas forget what they
/// remember.
package struct PostgresSessionStore: SessionStore {
    let database: PostgresDatabase

    package init(_ database: PostgresDatabase) { self.database = database }

    /// `email` and `username` are what administrators may call people, beside the subject.
    static let tables = """
        CREATE TABLE sessions (
            key BYTEA PRIMARY KEY,
            version BIGINT NOT NULL,
            scope TEXT NOT NULL,
            provider TEXT NOT NULL,
            provider_session TEXT,
            issuer TEXT NOT NULL,
            subject TEXT NOT NULL,
            claims TEXT NOT NULL,
            auth_time BIGINT NOT NULL,
            created_at BIGINT NOT NULL,
            last_used_at BIGINT NOT NULL,
            expires_at BIGINT NOT NULL,
            id_token TEXT,
            refresh_token TEXT,
            access_token TEXT,
            refresh_due_at BIGINT,
            refresh_claimed_until BIGINT,
            refresh_failing_since BIGINT,
            user_agent TEXT NOT NULL DEFAULT '',
            address TEXT NOT NULL DEFAULT '',
            authenticated_at BIGINT,
            acr TEXT,
            amr TEXT,
            granted_scopes TEXT,
            email TEXT,
            username TEXT
        );
        CREATE INDEX sessions_expires_at ON sessions (expires_at);
        CREATE INDEX sessions_last_used_at ON sessions (last_used_at);
        CREATE INDEX sessions_subject ON sessions (subject);
        CREATE INDEX sessions_email ON sessions (email);
        CREATE INDEX sessions_username ON sessions (username);
        CREATE INDEX sessions_provider_session ON sessions (provider_session) WHERE provider_session IS NOT NULL;
        CREATE TABLE session_change_counter (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            last BIGINT NOT NULL
        ) WITH (fillfactor = 10);
        INSERT INTO session_change_counter VALUES (1, 0);
        CREATE TABLE session_changes (
            id BIGINT PRIMARY KEY,
            key BYTEA NOT NULL,
            ending TEXT,
            noted_at TIMESTAMPTZ NOT NULL DEFAULT now()
        );
        CREATE INDEX session_changes_noted_at ON session_changes (noted_at);
        CREATE TABLE revoked_sessions (key BYTEA PRIMARY KEY, expires_at BIGINT NOT NULL);
        CREATE INDEX revoked_sessions_expires_at ON revoked_sessions (expires_at);
        CREATE TABLE sign_out_notices (digest BYTEA PRIMARY KEY, remember_until BIGINT NOT NULL);
        CREATE INDEX sign_out_notices_remember_until ON sign_out_notices (remember_until);
        """

    static let columns = PostgresSQL.list(SessionRow.columns)
    static let writtenColumns = SessionRow.columns + ["email", "username"]

    static func values(_ session: Session) -> [ColumnValue] {
        SessionRow.values(session) + [.of(session.identity.email), .of(session.identity.preferredUsername)]
    }

    /// How many there are, those included that have ended and are not swept yet.
    package func count() async throws(StoreFailure) -> Int {
        try await database.rows("SELECT count(*) FROM sessions").first?.only.count ?? 0
    }

    package func create(_ session: Session) async throws(StoreFailure) {
        try await database.change(PostgresSQL.insert(into: "sessions", Self.writtenColumns), Self.values(session))
    }

    package func load(_ key: SessionKey) async throws(StoreFailure) -> Session? {
        let rows = try await database.rows("SELECT \(Self.columns) FROM sessions WHERE key = $1", [.of(key.digest)])
        return try rows.first.readOne(SessionRow.read)
    }

    package func touch(_ uses: [SessionUse]) async throws(StoreFailure) {
        guard !uses.isEmpty else { return }
        try await database.change(
            """
            UPDATE sessions SET last_used_at = used.moment FROM (
                SELECT key, max(moment) AS moment FROM unnest($1::bytea[], $2::bigint[]) AS each (key, moment) GROUP BY key
            ) AS used
            WHERE sessions.key = used.key AND last_used_at < used.moment
            """,
            [.listOfBytes(uses.map(\.key.digest)), .listOfIntegers(uses.map(\.moment.seconds))])
    }

    package func replace(_ session: Session) async throws(StoreFailure) -> Bool {
        let kept = zip(Self.writtenColumns, Self.values(session)).filter { $0.0 != "last_used_at" }
        let sql = PostgresSQL.replace("sessions", kept.map(\.0))
        let values = kept.map(\.1) + [.versionBefore(session.version)]
        return try await database.transaction { db in
            guard try db.change(sql, values) == 1 else { return false }
            try Self.note([session.key], db)
            return true
        }
    }

    package func claimRefresh(
        _ key: SessionKey, version: Int64, now: UnixTime, until: UnixTime
    ) async throws(StoreFailure) -> Bool {
        try await database.change(
            """
            UPDATE sessions SET refresh_claimed_until = $3, version = version + 1
            WHERE key = $1 AND version = $2 AND (refresh_claimed_until IS NULL OR refresh_claimed_until <= $4)
            """, [.of(key.digest), .of(version), .of(until.seconds), .of(now.seconds)]) == 1
    }

    package func list(_ selection: SessionSelection, limit: Int) async throws(StoreFailure) -> [Session] {
        let (condition, values) = selection.postgres
        let rows = try await database.rows(
            """
            SELECT \(Self.columns) FROM sessions WHERE \(condition)
            ORDER BY created_at DESC, key LIMIT $\(values.count + 1)
            """, values + [.limit(limit)])
        return try rows.readAll(SessionRow.read)
    }

    package func delete(_ key: SessionKey) async throws(StoreFailure) -> Bool {
        try await database.transaction { db in
            guard try db.change("DELETE FROM sessions WHERE key = $1", [.of(key.digest)]) > 0 else { return false }
            try Self.note([key], db)
            return true
        }
    }

    package func deleteAll(_ selection: SessionSelection) async throws(StoreFailure) -> [EndedSession] {
        let (condition, values) = selection.postgres
        return try await database.transaction { db in
            let ended = try db.rows(
                "DELETE FROM sessions WHERE \(condition) RETURNING \(SessionRow.endedColumns)", values
            ).map { try SessionRow.readEnded($0) }
            try Self.note(ended.map(\.key), db)
            return ended
        }
    }

    package func sweep(expiredAt: UnixTime, idleBefore: UnixTime, limit: Int) async throws(StoreFailure) -> Int {
        try await database.transaction { db in
            let sessions = try db.change(
                """
                DELETE FROM sessions WHERE key IN (
                    SELECT key FROM sessions WHERE expires_at <= $1 OR last_used_at <= $2 LIMIT $3 FOR UPDATE SKIP LOCKED)
                """, [.of(expiredAt.seconds), .of(idleBefore.seconds), .limit(limit)])
            let past: [ColumnValue] = [.of(expiredAt.seconds), .limit(limit)]
            let revoked = try db.change(PostgresSQL.sweep("revoked_sessions", key: "key"), past)
            try db.change(PostgresSQL.sweep("sign_out_notices", key: "digest", "remember_until"), past)
            try db.change(PostgresSQL.sweep("refresh_claims", key: "key", "claimed_until"), past)
            let endings = try db.change(PostgresSQL.sweep("ended_sessions", key: "digest", "remember_until"), past)
            // Every replica asks twice a second: what is ten minutes old has been seen, or the replica has forgotten its sessions
            // by now.
            try db.change("DELETE FROM session_changes WHERE noted_at < now() - interval '10 minutes'")
            return sessions + revoked + endings
        }
    }
}

extension SessionSelection {
    /// The condition on rows of `sessions`.
    fileprivate var postgres: (sql: String, values: [ColumnValue]) {
        switch self {
        case .all: ("true", [])
        case .user(let issuer, let subject): ("subject = $1 AND issuer = $2", [.of(subject), .of(issuer)])
        case .named(let name): ("subject = $1 OR email = $1 OR username = $1", [.of(name)])
        case .handle(let bytes):
            (
                "key BETWEEN $1 AND $2",
                [.of(bytes), .of(bytes + Array(repeating: UInt8.max, count: max(0, 32 - bytes.count)))]
            )
        case .providerSession(let issuer, let id): ("provider_session = $1 AND issuer = $2", [.of(id), .of(issuer)])
        }
    }
}
