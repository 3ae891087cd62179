package import AuthService
import FoundationEssentials
import GRDB
package import JOSE

/// What is kept of sessions that live in cookies: which are over, and who renews the tokens of one.
extension SQLiteSessionStore {
    static let endingTables = """
        CREATE TABLE ended_sessions (
            digest BLOB PRIMARY KEY NOT NULL,
            ended_at INTEGER NOT NULL,
            remember_until INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX ended_sessions_remember_until ON ended_sessions (remember_until);
        CREATE TABLE refresh_claims (
            key BLOB PRIMARY KEY NOT NULL,
            version INTEGER NOT NULL,
            claimed_until INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX refresh_claims_claimed_until ON refresh_claims (claimed_until);
        CREATE TABLE latest_beginning (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            moment INTEGER NOT NULL
        );
        ALTER TABLE session_changes ADD COLUMN ending TEXT;
        """

    package func revoke(_ key: SessionKey, until expiresAt: UnixTime) async throws(StoreFailure) {
        try await database.write { db in
            try db.execute(
                sql: "INSERT OR REPLACE INTO revoked_sessions (key, expires_at) VALUES (?, ?)",
                arguments: [Data(key.digest), expiresAt.seconds])
            try Self.note(key, db)
        }
    }

    package func remember(_ ending: SessionEnding) async throws(StoreFailure) {
        try await database.write { db in try Self.insert(ending, db) }
    }

    static func insert(_ ending: SessionEnding, _ db: Database) throws {
        let marks = ending.marks.json.jsonText
        try RecordLimit.check([.of(marks)])
        try db.execute(
            sql: """
                INSERT INTO ended_sessions (digest, ended_at, remember_until)
                VALUES (?, max(?, coalesce((SELECT moment FROM latest_beginning), 0)), ?)
                ON CONFLICT (digest) DO UPDATE SET ended_at = max(ended_at, excluded.ended_at),
                    remember_until = max(remember_until, excluded.remember_until)
                """, arguments: [Data(ending.marks.digest), ending.endedAt.seconds, ending.rememberUntil.seconds])
        // A key that is none, for processes of before that read this row: nothing has it.
        try db.execute(
            sql: "INSERT INTO session_changes (key, ending) VALUES (?, ?)", arguments: [Data(), marks])
    }

    package func beginning(of session: Session) async throws(StoreFailure) -> UnixTime {
        // Hardly ever is there an ending at the same moment, and only then is anything written.
        guard try await lastEnding(of: session) != nil else { return session.createdAt }
        return try await database.write { db in
            guard let last = try Self.lastEnding(of: session, db) else { return session.createdAt }
            let moment = last.adding(1)
            try db.execute(
                sql: """
                    INSERT INTO latest_beginning (id, moment) VALUES (1, ?)
                    ON CONFLICT (id) DO UPDATE SET moment = max(moment, excluded.moment)
                    """, arguments: [moment.seconds])
            return moment
        }
    }

    private func lastEnding(of session: Session) async throws(StoreFailure) -> UnixTime? {
        try await database.read { db in try Self.lastEnding(of: session, db) }
    }

    /// Of those that mean the session.
    private static func lastEnding(of session: Session, _ db: Database) throws -> UnixTime? {
        let digests = session.possibleMarks.map { Data($0.digest) }
        let sql = """
            SELECT max(ended_at) FROM ended_sessions
            WHERE ended_at >= ? AND digest IN (\(digests.map { _ in "?" }.joined(separator: ", ")))
            """
        let arguments: StatementArguments = [session.createdAt.seconds]
        return try Int64.fetchOne(db.cachedStatement(sql: sql), arguments: arguments + StatementArguments(digests))
            .map { UnixTime(seconds: $0) }
    }

    package func hasEnded(_ session: Session) async throws(StoreFailure) -> Bool {
        try await database.read { db in
            try db.row(from: "revoked_sessions", ["1"], where: "key = ?", [Data(session.key.digest)]) != nil
                || Self.lastEnding(of: session, db) != nil
        }
    }

    package func claimCookieRefresh(
        _ key: SessionKey, version: Int64, now: UnixTime, until: UnixTime
    ) async throws(StoreFailure) -> Bool {
        try await database.write { db in
            try db.change(
                """
                INSERT INTO refresh_claims (key, version, claimed_until) VALUES (:key, :version, :until)
                ON CONFLICT (key) DO UPDATE SET version = excluded.version, claimed_until = excluded.claimed_until
                    WHERE version < excluded.version OR claimed_until <= :now
                """,
                ["key": Data(key.digest), "version": version, "until": until.seconds, "now": now.seconds]) == 1
        }
    }

    /// - Returns: how many endings it forgot.
    static func forgetEndings(until moment: UnixTime, limit: Int, _ db: Database) throws -> Int {
        try db.execute(
            sql: """
                DELETE FROM refresh_claims WHERE key IN (
                    SELECT key FROM refresh_claims WHERE claimed_until <= ? LIMIT ?)
                """, arguments: [moment.seconds, limit])
        return try db.change(
            """
            DELETE FROM ended_sessions WHERE digest IN (
                SELECT digest FROM ended_sessions WHERE remember_until <= ? LIMIT ?)
            """, [moment.seconds, limit])
    }
}
