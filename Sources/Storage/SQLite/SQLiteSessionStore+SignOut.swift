package import AuthService
import FoundationEssentials
import GRDB
import JOSE

extension SQLiteSessionStore {
    package func signOut(
        _ notice: SignOutNotice, remembering ending: SessionEnding?
    ) async throws(StoreFailure) -> SignOutNotice.Outcome {
        try await database.write { db in
            guard
                try db.change(
                    "INSERT INTO sign_out_notices (digest, remember_until) VALUES (?, ?) ON CONFLICT DO NOTHING",
                    [Data(notice.digest), notice.rememberUntil.seconds]) > 0
            else { return .replayed }
            let sessions = try Self.delete(notice, db)
            for session in sessions { try Self.note(session.key, db) }
            if let ending { try Self.insert(ending, db) }
            return .ended(sessions)
        }
    }

    private static func delete(_ notice: SignOutNotice, _ db: Database) throws -> [Session] {
        // Only the conditions that there are: SQLite uses no index for `? IS NULL OR …`.
        var conditions = ["issuer = ?"]
        var arguments: StatementArguments = [notice.issuer]
        for case (let column, let value?) in [("subject", notice.subject), ("provider_session", notice.providerSessionID)] {
            conditions.append("\(column) = ?")
            arguments += [value]
        }
        let sql = "DELETE FROM sessions WHERE \(conditions.joined(separator: " AND ")) RETURNING *"
        return try Row.fetchAll(db, sql: sql, arguments: arguments).map { try SessionRow.read($0) }
    }

    static func forgetNotices(until moment: UnixTime, limit: Int, _ db: Database) throws {
        try db.execute(
            sql: """
                DELETE FROM sign_out_notices WHERE digest IN (
                    SELECT digest FROM sign_out_notices WHERE remember_until <= ? LIMIT ?)
                """, arguments: [moment.seconds, limit])
    }
}
