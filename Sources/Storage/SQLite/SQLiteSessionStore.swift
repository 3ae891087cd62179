package import AuthService
import FoundationEssentials
import GRDB
package import JOSE

/// Sessions in SQLite. A write is on disk when it returns. Every change but `touch` leaves a row in `session_changes`, so that
/// other processes on the same file forget what they remember.
package struct SQLiteSessionStore: SessionStore {
    let database: SQLiteDatabase

    package init(_ database: SQLiteDatabase) { self.database = database }

    /// How many there are, those included that have ended and are not swept yet.
    package func count() async throws(StoreFailure) -> Int {
        try await database.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM sessions") ?? 0 }
    }

    package func create(_ session: Session) async throws(StoreFailure) {
        try await database.write { db in try SessionRow.insert(session, db) }
    }

    package func load(_ key: SessionKey) async throws(StoreFailure) -> Session? {
        try await database.read { db in
            try db.row(from: "sessions", SessionRow.columns, where: "key = ?", [Data(key.digest)]).map { try SessionRow.read($0) }
        }
    }

    package func touch(_ uses: [SessionUse]) async throws(StoreFailure) {
        try await database.write { db in
            let statement = try db.cachedStatement(
                sql: "UPDATE sessions SET last_used_at = :moment WHERE key = :key AND last_used_at < :moment")
            for use in uses {
                try statement.execute(arguments: ["moment": use.moment.seconds, "key": Data(use.key.digest)])
            }
        }
    }

    package func replace(_ session: Session) async throws(StoreFailure) -> Bool {
        try await database.write { db in
            guard try SessionRow.replace(session, db) else { return false }
            try Self.note(session.key, db)
            return true
        }
    }

    package func claimRefresh(
        _ key: SessionKey, version: Int64, now: UnixTime, until: UnixTime
    ) async throws(StoreFailure) -> Bool {
        try await database.write { db in
            try db.change(
                """
                UPDATE sessions SET refresh_claimed_until = :until, version = version + 1
                WHERE key = :key AND version = :version
                    AND (refresh_claimed_until IS NULL OR refresh_claimed_until <= :now)
                """,
                ["until": until.seconds, "key": Data(key.digest), "version": version, "now": now.seconds]) == 1
        }
    }

    package func list(_ selection: SessionSelection, limit: Int) async throws(StoreFailure) -> [Session] {
        let condition = selection.condition
        return try await database.read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM sessions WHERE \(condition.sql) ORDER BY created_at DESC, key LIMIT ?",
                arguments: condition.arguments + [limit]
            ).map { try SessionRow.read($0) }
        }
    }

    package func delete(_ key: SessionKey) async throws(StoreFailure) -> Bool {
        try await database.write { db in
            guard try db.change("DELETE FROM sessions WHERE key = ?", [Data(key.digest)]) > 0 else { return false }
            try Self.note(key, db)
            return true
        }
    }

    package func deleteAll(_ selection: SessionSelection) async throws(StoreFailure) -> [EndedSession] {
        let condition = selection.condition
        return try await database.write { db in
            let ended = try Row.fetchAll(
                db, sql: "DELETE FROM sessions WHERE \(condition.sql) RETURNING \(SessionRow.endedColumns)",
                arguments: condition.arguments
            ).map { try SessionRow.readEnded($0) }
            for session in ended { try Self.note(session.key, db) }
            return ended
        }
    }

    package func changes(since position: Int64?) async throws(StoreFailure) -> SessionChanges {
        try await database.read { db in
            guard let position else {
                return SessionChanges(keys: [], position: try Self.lastChange(db))
            }
            let rows = try Row.fetchAll(
                db.cachedStatement(sql: "SELECT id, key, ending FROM session_changes WHERE id > ? ORDER BY id LIMIT ?"),
                arguments: [position, Self.changesAtOnce])
            let next: Int64 = try rows.last?["id"] ?? Self.lastChange(db)
            // The numbers have no holes: a transaction that is undone gives its numbers back.
            let isWhole = next - position == Int64(rows.count)
            var changes = SessionChanges(
                keys: [], position: next, extent: !isWhole ? .gap : rows.count == Self.changesAtOnce ? .more : .all)
            for row in rows { try SessionRow.add(row, to: &changes) }
            return changes
        }
    }

    private static let changesAtOnce = 10_000

    /// The counter outlives the rows that the sweep takes away.
    private static func lastChange(_ db: Database) throws -> Int64 {
        try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT seq FROM sqlite_sequence WHERE name = 'session_changes'")) ?? 0
    }

    package func sweep(expiredAt: UnixTime, idleBefore: UnixTime, limit: Int) async throws(StoreFailure) -> Int {
        try await database.write { db in
            try db.execute(
                sql: """
                    DELETE FROM sessions WHERE key IN (
                        SELECT key FROM sessions WHERE expires_at <= ? OR last_used_at <= ? LIMIT ?)
                    """, arguments: [expiredAt.seconds, idleBefore.seconds, limit])
            let count = db.changesCount
            try db.execute(
                sql: """
                    DELETE FROM revoked_sessions WHERE key IN (
                        SELECT key FROM revoked_sessions WHERE expires_at <= ? LIMIT ?)
                    """, arguments: [expiredAt.seconds, limit])
            let forgotten = db.changesCount
            try Self.forgetNotices(until: expiredAt, limit: limit, db)
            let past = try Self.forgetEndings(until: expiredAt, limit: limit, db)
            try Self.dropOldChanges(db)
            return count + forgotten + past
        }
    }

    static func note(_ key: SessionKey, _ db: Database) throws {
        try db.insert(into: "session_changes", ["key"], [.of(key.digest)])
    }

    /// Every process asks twice a second: what is ten minutes old has been seen, or the process has forgotten its sessions by now.
    private static func dropOldChanges(_ db: Database) throws {
        try db.execute(sql: "DELETE FROM session_changes WHERE noted_at < unixepoch() - 600")
    }
}
