import AuthService
import FoundationEssentials
import GRDB
package import JOSE
package import OpenIDProvider

/// The provider's users in SQLite. A write is on disk when it returns.
package struct SQLiteUserStore: UserStore {
    private let database: SQLiteProviderDatabase

    package init(_ database: SQLiteDatabase) { self.database = SQLiteProviderDatabase(database) }

    static let tables = """
        CREATE TABLE users (
            id TEXT PRIMARY KEY NOT NULL,
            version INTEGER NOT NULL,
            email TEXT NOT NULL,
            email_key TEXT NOT NULL UNIQUE,
            username TEXT NOT NULL,
            username_key TEXT NOT NULL,
            name TEXT NOT NULL,
            groups TEXT NOT NULL,
            hash TEXT,
            is_disabled INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            password_changed_at INTEGER
        ) WITHOUT ROWID;
        CREATE INDEX users_username_key ON users (username_key);
        CREATE TABLE invitations (
            key BLOB PRIMARY KEY NOT NULL,
            user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            expires_at INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX invitations_user_id ON invitations (user_id);
        CREATE INDEX invitations_expires_at ON invitations (expires_at);
        """

    package func create(_ user: StoredUser, invitation: InvitationRecord?) async throws(ProviderStoreFailure) -> Bool {
        try await database.write { db in
            guard try UserRow.insert(user, db) else { return false }
            if let invitation { try Self.insert(invitation, db) }
            return true
        }
    }

    package func user(id: String) async throws(ProviderStoreFailure) -> StoredUser? {
        try await database.read { db in try UserRow.user(id: id, db) }
    }

    package func user(login: String) async throws(ProviderStoreFailure) -> StoredUser? {
        let key = StoredUser.loginKey(login)
        return try await database.read { db in
            if let row = try db.row(from: "users", UserRow.columns, where: "email_key = ?", [key]) {
                return try UserRow.read(row)
            }
            let named = try Row.fetchAll(db, sql: "SELECT * FROM users WHERE username_key = ? LIMIT 2", arguments: [key])
            return named.count == 1 ? try named.first.map { try UserRow.read($0) } : nil
        }
    }

    package func users(after: String?, limit: Int) async throws(ProviderStoreFailure) -> [StoredUser] {
        let bound = after.map(StoredUser.loginKey) ?? ""
        return try await database.read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM users WHERE email_key > ? ORDER BY email_key LIMIT ?", arguments: [bound, max(0, limit)]
            ).map { try UserRow.read($0) }
        }
    }

    package func replace(_ user: StoredUser) async throws(ProviderStoreFailure) -> UserReplacement {
        try await database.write { db in try UserRow.replace(user, db) }
    }

    package func deleteUser(id: String) async throws(ProviderStoreFailure) -> Bool {
        try await database.write { db in
            try db.change("DELETE FROM users WHERE id = ?", [id]) == 1
        }
    }

    package func invite(_ invitation: InvitationRecord) async throws(ProviderStoreFailure) {
        try await database.write { db in
            try db.execute(sql: "DELETE FROM invitations WHERE user_id = ?", arguments: [invitation.userID])
            if try UserRow.user(id: invitation.userID, db) != nil { try Self.insert(invitation, db) }
        }
    }

    package func invitation(_ key: SecretDigest) async throws(ProviderStoreFailure) -> InvitationRecord? {
        try await database.read { db in try Self.invitation(key, db) }
    }

    package func accept(
        _ key: SecretDigest, hash: Secret, now: UnixTime
    ) async throws(ProviderStoreFailure) -> StoredUser? {
        try await database.write { db in
            guard let invitation = try Self.invitation(key, db), now < invitation.expiresAt,
                var user = try UserRow.user(id: invitation.userID, db)
            else { return nil }
            user.hash = hash
            user.passwordChangedAt = now
            user.version = user.version.addingReportingOverflow(1).partialValue
            guard try UserRow.replace(user, db) == .replaced else { return nil }
            try db.execute(sql: "DELETE FROM invitations WHERE user_id = ?", arguments: [user.id])
            return user
        }
    }

    package func sweepInvitations(expiredAt: UnixTime, limit: Int) async throws(ProviderStoreFailure) -> Int {
        try await database.write { db in
            try db.change(
                "DELETE FROM invitations WHERE key IN (SELECT key FROM invitations WHERE expires_at <= ? LIMIT ?)",
                [expiredAt.seconds, limit])
        }
    }

    private static func insert(_ invitation: InvitationRecord, _ db: Database) throws {
        try db.insert(into: "invitations", InvitationRow.columns, InvitationRow.values(invitation))
    }

    private static func invitation(_ key: SecretDigest, _ db: Database) throws -> InvitationRecord? {
        try db.row(from: "invitations", InvitationRow.columns, where: "key = ?", [Data(key.bytes)]).map {
            try InvitationRow.read($0)
        }
    }
}
