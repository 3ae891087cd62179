import GRDB
import JOSE
import OpenIDProvider

/// A user as a row of `users`.
enum UserRow {
    /// - Returns: whether id and e-mail address were free.
    static func insert(_ user: StoredUser, _ db: Database) throws -> Bool {
        try db.execute(
            sql: """
                INSERT OR IGNORE INTO users (id, version, email, email_key, username, username_key, name, groups, hash, is_disabled,
                    created_at, password_changed_at)
                VALUES (:id, :version, :email, :emailKey, :username, :usernameKey, :name, :groups, :hash, :isDisabled, :createdAt,
                    :passwordChangedAt)
                """, arguments: arguments(user))
        return db.changesCount == 1
    }

    static func replace(_ user: StoredUser, _ db: Database) throws -> UserReplacement {
        let (expected, overflow) = user.version.subtractingReportingOverflow(1)
        guard !overflow, let stored = try self.user(id: user.id, db), stored.version == expected else { return .outdated }
        let emailKey = StoredUser.loginKey(user.email)
        let isTaken = try Bool.fetchOne(
            db, sql: "SELECT EXISTS (SELECT 1 FROM users WHERE email_key = ? AND id <> ?)", arguments: [emailKey, user.id])
        guard isTaken == false else { return .taken }
        try db.execute(
            sql: """
                UPDATE users SET version = :version, email = :email, email_key = :emailKey, username = :username,
                    username_key = :usernameKey, name = :name, groups = :groups, hash = :hash, is_disabled = :isDisabled,
                    created_at = :createdAt, password_changed_at = :passwordChangedAt
                WHERE id = :id
                """, arguments: arguments(user))
        return .replaced
    }

    static func user(id: String, _ db: Database) throws -> StoredUser? {
        try Row.fetchOne(db, sql: "SELECT * FROM users WHERE id = ?", arguments: [id]).map(read)
    }

    static func read(_ row: Row) throws -> StoredUser {
        let hash: String? = row["hash"]
        let passwordChangedAt: Int64? = row["password_changed_at"]
        let groupsText: String = row["groups"]
        guard let groups = (try? JSONReader.read(Array(groupsText.utf8)))?.stringList else {
            throw ProviderStoreFailure(detail: "a user's row is damaged")
        }
        return StoredUser(
            id: row["id"], email: row["email"], username: row["username"], name: row["name"], groups: groups,
            hash: hash.map { Secret(utf8: $0) }, isDisabled: row["is_disabled"],
            createdAt: UnixTime(seconds: row["created_at"]), passwordChangedAt: passwordChangedAt.map { UnixTime(seconds: $0) },
            version: row["version"])
    }

    private static func arguments(_ user: StoredUser) -> StatementArguments {
        [
            "id": user.id, "version": user.version, "email": user.email, "emailKey": StoredUser.loginKey(user.email),
            "username": user.username, "usernameKey": StoredUser.loginKey(user.username), "name": user.name,
            "groups": JSONValue.strings(user.groups).jsonText, "hash": user.hash?.text, "isDisabled": user.isDisabled,
            "createdAt": user.createdAt.seconds, "passwordChangedAt": user.passwordChangedAt?.seconds,
        ]
    }
}
