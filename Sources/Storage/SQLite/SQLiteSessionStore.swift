import Accounts
package import AuthService
import FoundationEssentials
import GRDB
package import JOSE

/// Sessions in SQLite. A write is on disk when it returns.
package struct SQLiteSessionStore: SessionStore {
    private let database: SQLiteDatabase

    package init(_ database: SQLiteDatabase) { self.database = database }

    package func create(_ session: Session) async throws(StoreFailure) {
        try await database.write { db in
            try db.execute(
                sql: """
                    INSERT INTO sessions (key, version, scope, provider, provider_session, issuer, subject, claims, auth_time,
                        created_at, last_used_at, expires_at, id_token, refresh_token)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """, arguments: Self.arguments(session))
        }
    }

    private static func arguments(_ session: Session) -> StatementArguments {
        [
            Data(session.key.digest), session.version, session.scope, session.providerID, session.providerSessionID,
            session.identity.issuer, session.identity.subject, JSONValue.object(session.identity.claims).jsonText,
            session.authTime.seconds, session.createdAt.seconds, session.lastUsedAt.seconds, session.expiresAt.seconds,
            session.idToken?.text, session.refreshToken?.text,
        ]
    }

    package func load(_ key: SessionKey) async throws(StoreFailure) -> Session? {
        try await database.read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM sessions WHERE key = ?", arguments: [Data(key.digest)])
                .map { try Self.session($0, key: key) }
        }
    }

    private static func session(_ row: Row, key: SessionKey) throws -> Session {
        let claimsText: String = row["claims"]
        guard let claims = try? JSONReader.read(claimsText.utf8).object else {
            throw StoreFailure(detail: "a session's claims are damaged")
        }
        func moment(_ column: String) -> UnixTime { UnixTime(seconds: row[column]) }
        func secret(_ column: String) -> Secret? { (row[column] as String?).map { Secret(utf8: $0) } }
        return Session(
            key: key, version: row["version"],
            identity: Identity(issuer: row["issuer"], subject: row["subject"], claims: claims), scope: row["scope"],
            providerID: row["provider"],
            providerSessionID: row["provider_session"], authTime: moment("auth_time"), createdAt: moment("created_at"),
            lastUsedAt: moment("last_used_at"), expiresAt: moment("expires_at"), idToken: secret("id_token"),
            refreshToken: secret("refresh_token"))
    }

    package func touch(_ key: SessionKey, usedAt: UnixTime) async throws(StoreFailure) {
        try await database.write { db in
            try db.execute(
                sql: """
                    UPDATE sessions SET last_used_at = :moment, version = version + 1
                    WHERE key = :key AND last_used_at < :moment
                    """, arguments: ["moment": usedAt.seconds, "key": Data(key.digest)])
        }
    }

    package func delete(_ key: SessionKey) async throws(StoreFailure) -> Bool {
        try await database.write { db in
            try db.execute(sql: "DELETE FROM sessions WHERE key = ?", arguments: [Data(key.digest)])
            return db.changesCount > 0
        }
    }

    package func sweep(expiredAt: UnixTime, idleBefore: UnixTime, limit: Int) async throws(StoreFailure) -> Int {
        try await database.write { db in
            try db.execute(
                sql: """
                    DELETE FROM sessions WHERE key IN (
                        SELECT key FROM sessions WHERE expires_at <= ? OR last_used_at <= ? LIMIT ?)
                    """, arguments: [expiredAt.seconds, idleBefore.seconds, limit])
            return db.changesCount
        }
    }
}
