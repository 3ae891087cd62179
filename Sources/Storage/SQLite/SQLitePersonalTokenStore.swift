package import Accounts
package import AuthService
import FoundationEssentials
import GRDB
package import JOSE

/// Personal tokens in SQLite. A write is on disk when it returns.
package struct SQLitePersonalTokenStore: PersonalTokenStore {
    static let tables = """
        CREATE TABLE personal_tokens (
            key BLOB PRIMARY KEY NOT NULL,
            id TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            access TEXT NOT NULL,
            issuer TEXT NOT NULL,
            subject TEXT NOT NULL,
            email TEXT,
            username TEXT,
            claims TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            last_used_at INTEGER
        ) WITHOUT ROWID;
        CREATE INDEX personal_tokens_owner ON personal_tokens (issuer, subject);
        CREATE INDEX personal_tokens_expires_at ON personal_tokens (expires_at);
        """

    private let database: SQLiteDatabase

    package init(_ database: SQLiteDatabase) { self.database = database }

    package func create(_ token: PersonalToken, limit: Int) async throws(StoreFailure) -> Bool {
        try await database.write { db in
            try RecordLimit.check(PersonalTokenRow.values(token))
            return try db.change(
                """
                INSERT INTO personal_tokens (key, id, name, access, issuer, subject, email, username, claims, created_at,
                    expires_at, last_used_at)
                SELECT :key, :id, :name, :access, :issuer, :subject, :email, :username, :claims, :created, :expires, :used
                WHERE (SELECT count(*) FROM personal_tokens WHERE issuer = :issuer AND subject = :subject) < :limit
                """,
                [
                    "key": Data(token.key.bytes), "id": token.id, "name": token.name, "access": token.access.rawValue,
                    "issuer": token.identity.issuer, "subject": token.identity.subject, "email": token.identity.email,
                    "username": token.identity.preferredUsername, "claims": JSONValue.object(token.identity.claims).jsonText,
                    "created": token.createdAt.seconds, "expires": token.expiresAt.seconds,
                    "used": token.lastUsedAt?.seconds, "limit": limit,
                ]) == 1
        }
    }

    package func load(_ key: SHA256Bytes) async throws(StoreFailure) -> PersonalToken? {
        try await database.read { db in
            try db.row(from: "personal_tokens", PersonalTokenRow.columns, where: "key = ?", [Data(key.bytes)]).map {
                try PersonalTokenRow.read($0)
            }
        }
    }

    package func list(_ selection: PersonalTokenSelection, limit: Int) async throws(StoreFailure) -> [PersonalToken] {
        let (condition, arguments): (String, [String]) =
            switch selection {
            case .all: ("1", [])
            case .owner(let issuer, let subject): ("issuer = ? AND subject = ?", [issuer, subject])
            case .user(let name): ("subject = ? OR email = ? OR username = ?", [name, name, name])
            }
        return try await database.read { db in
            try Row.fetchAll(
                db,
                sql: "SELECT * FROM personal_tokens WHERE \(condition) ORDER BY created_at DESC, id DESC LIMIT ?",
                arguments: StatementArguments(arguments) + [limit]
            ).map { try PersonalTokenRow.read($0) }
        }
    }

    package func touch(_ key: SHA256Bytes, usedAt: UnixTime) async throws(StoreFailure) {
        try await database.write { db in
            try db.execute(
                sql: """
                    UPDATE personal_tokens SET last_used_at = :moment
                    WHERE key = :key AND (last_used_at IS NULL OR last_used_at < :moment)
                    """, arguments: ["moment": usedAt.seconds, "key": Data(key.bytes)])
        }
    }

    package func renew(_ identity: Identity) async throws(StoreFailure) {
        let claims = JSONValue.object(identity.claims).jsonText
        try await database.write { db in
            try RecordLimit.check([.of(claims), .of(identity.email), .of(identity.preferredUsername)])
            try db.execute(
                sql: "UPDATE personal_tokens SET claims = ?, email = ?, username = ? WHERE issuer = ? AND subject = ?",
                arguments: [
                    claims, identity.email, identity.preferredUsername, identity.issuer,
                    identity.subject,
                ])
        }
    }

    package func delete(_ key: SHA256Bytes) async throws(StoreFailure) -> Bool {
        try await database.write { db in
            try db.change("DELETE FROM personal_tokens WHERE key = ?", [Data(key.bytes)]) > 0
        }
    }

    package func sweep(expiredAt: UnixTime, limit: Int) async throws(StoreFailure) -> Int {
        try await database.write { db in
            try db.change(
                """
                DELETE FROM personal_tokens WHERE key IN (SELECT key FROM personal_tokens WHERE expires_at <= ? LIMIT ?)
                """, [expiredAt.seconds, limit])
        }
    }
}
