package import AuthService
package import JOSE

/// What is kept of sessions that live in cookies: which are over, and who renews the tokens of one.
extension PostgresSessionStore {
    static let endingTables = """
        CREATE TABLE ended_sessions (digest BYTEA PRIMARY KEY, ended_at BIGINT NOT NULL, remember_until BIGINT NOT NULL);
        CREATE INDEX ended_sessions_remember_until ON ended_sessions (remember_until);
        CREATE TABLE refresh_claims (key BYTEA PRIMARY KEY, version BIGINT NOT NULL, claimed_until BIGINT NOT NULL);
        CREATE INDEX refresh_claims_claimed_until ON refresh_claims (claimed_until);
        CREATE TABLE latest_beginning (id INTEGER PRIMARY KEY CHECK (id = 1), moment BIGINT NOT NULL);
        """

    package func revoke(_ key: SessionKey, until expiresAt: UnixTime) async throws(StoreFailure) {
        try await database.transaction { db in
            try db.change(
                PostgresSQL.put(into: "revoked_sessions", ["key", "expires_at"], key: "key"),
                [.of(key.digest), .of(expiresAt.seconds)])
            try Self.note([key], db)
        }
    }

    package func remember(_ ending: SessionEnding) async throws(StoreFailure) {
        try await database.transaction { db in try Self.insert(ending, db) }
    }

    private static func insert(_ ending: SessionEnding, _ db: PostgresSession) throws {
        // First this: it holds the lock under which the order of beginnings and endings is decided.
        try note(ending.marks, db)
        try db.change(
            """
            INSERT INTO ended_sessions (digest, ended_at, remember_until)
            VALUES ($1, greatest($2, (SELECT moment FROM latest_beginning)), $3)
            ON CONFLICT (digest) DO UPDATE SET ended_at = greatest(ended_sessions.ended_at, excluded.ended_at),
                remember_until = greatest(ended_sessions.remember_until, excluded.remember_until)
            """, [.of(ending.marks.digest), .of(ending.endedAt.seconds), .of(ending.rememberUntil.seconds)])
    }

    package func beginning(of session: Session) async throws(StoreFailure) -> UnixTime {
        // Hardly ever is there an ending at the same moment, and only then is anything written.
        let (sql, values) = Self.lastEnding(of: session)
        let rows = try await database.rows(sql, values)
        guard rows.first?.only != .null else { return session.createdAt }
        return try await database.transaction { db in
            try db.change("SELECT last FROM session_change_counter FOR UPDATE")
            guard let last = try db.rows(sql, values).first?.possibleMoment("moment") else { return session.createdAt }
            let moment = last.adding(1)
            try db.change(
                """
                INSERT INTO latest_beginning (id, moment) VALUES (1, $1)
                ON CONFLICT (id) DO UPDATE SET moment = greatest(latest_beginning.moment, excluded.moment)
                """, [.of(moment.seconds)])
            return moment
        }
    }

    /// Of those that mean the session; NULL without any.
    private static func lastEnding(of session: Session) -> (sql: String, values: [ColumnValue]) {
        (
            "SELECT max(ended_at) AS moment FROM ended_sessions WHERE ended_at >= $1 AND digest = ANY($2)",
            [.of(session.createdAt.seconds), .listOfBytes(session.possibleMarks.map(\.digest))]
        )
    }

    package func hasEnded(_ session: Session) async throws(StoreFailure) -> Bool {
        let rows = try await database.rows(
            """
            SELECT EXISTS (SELECT 1 FROM revoked_sessions WHERE key = $1)
                OR EXISTS (SELECT 1 FROM ended_sessions WHERE ended_at >= $2 AND digest = ANY($3))
            """,
            [
                .of(session.key.digest), .of(session.createdAt.seconds),
                .listOfBytes(session.possibleMarks.map(\.digest)),
            ])
        // What is no clear no is a yes.
        return rows.first?.only != .boolean(false)
    }

    package func claimCookieRefresh(
        _ key: SessionKey, version: Int64, now: UnixTime, until: UnixTime
    ) async throws(StoreFailure) -> Bool {
        try await database.change(
            """
            INSERT INTO refresh_claims (key, version, claimed_until) VALUES ($1, $2, $3)
            ON CONFLICT (key) DO UPDATE SET version = excluded.version, claimed_until = excluded.claimed_until
                WHERE refresh_claims.version < excluded.version OR refresh_claims.claimed_until <= $4
            """, [.of(key.digest), .of(version), .of(until.seconds), .of(now.seconds)]) == 1
    }

    package func signOut(
        _ notice: SignOutNotice, remembering ending: SessionEnding?
    ) async throws(StoreFailure) -> SignOutNotice.Outcome {
        try await database.transaction { db in
            // Of two replicas with the same notice the second waits here for the first.
            let written = try db.change(
                PostgresSQL.insert(into: "sign_out_notices", ["digest", "remember_until"], "ON CONFLICT DO NOTHING"),
                [.of(notice.digest), .of(notice.rememberUntil.seconds)])
            guard written > 0 else { return .replayed }
            let sessions = try db.rows(
                """
                DELETE FROM sessions WHERE issuer = $1 AND ($2::text IS NULL OR subject = $2)
                    AND ($3::text IS NULL OR provider_session = $3) RETURNING \(Self.columns)
                """, [.of(notice.issuer), .of(notice.subject), .of(notice.providerSessionID)]
            ).map { try SessionRow.read($0) }
            try Self.note(sessions.map(\.key), db)
            if let ending { try Self.insert(ending, db) }
            return .ended(sessions)
        }
    }
}
