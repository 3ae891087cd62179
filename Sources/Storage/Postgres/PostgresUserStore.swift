package import JOSE
package import OpenIDProvider

/// The provider's users in Postgres.
///
/// A transaction that concerns a user's links locks the user's row first, and so waits for others that do.
package struct PostgresUserStore: UserStore {
    private let database: PostgresProviderDatabase

    package init(_ database: PostgresDatabase) { self.database = PostgresProviderDatabase(database) }

    static let tables = """
        CREATE TABLE users (
            id TEXT PRIMARY KEY,
            version BIGINT NOT NULL,
            email TEXT NOT NULL,
            email_key TEXT COLLATE "C" NOT NULL UNIQUE,
            username TEXT NOT NULL,
            username_key TEXT NOT NULL,
            name TEXT NOT NULL,
            groups TEXT NOT NULL,
            hash TEXT,
            is_disabled BOOLEAN NOT NULL,
            created_at BIGINT NOT NULL,
            password_changed_at BIGINT
        );
        CREATE INDEX users_username_key ON users (username_key);
        CREATE TABLE invitations (
            key BYTEA PRIMARY KEY,
            user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            expires_at BIGINT NOT NULL
        );
        CREATE INDEX invitations_user_id ON invitations (user_id);
        CREATE INDEX invitations_expires_at ON invitations (expires_at);
        """

    private static let columns = PostgresSQL.list(UserRow.columns)

    package func create(_ user: StoredUser, invitation: InvitationRecord?) async throws(ProviderStoreFailure) -> Bool {
        try await database.transaction { db in
            try Self.claim(user.email, db)
            let written = try db.change(
                PostgresSQL.insert(into: "users", UserRow.columns, "ON CONFLICT DO NOTHING"), UserRow.values(user))
            guard written == 1 else { return false }
            if let invitation { try Self.insert(invitation, db) }
            return true
        }
    }

    package func user(id: String) async throws(ProviderStoreFailure) -> StoredUser? {
        try await database.one("SELECT \(Self.columns) FROM users WHERE id = $1", [.of(id)]) { try UserRow.read($0) }
    }

    package func user(login: String) async throws(ProviderStoreFailure) -> StoredUser? {
        let key = StoredUser.loginKey(login)
        let users = try await database.all(
            """
            (SELECT \(Self.columns) FROM users WHERE email_key = $1)
            UNION ALL (SELECT \(Self.columns) FROM users WHERE username_key = $1 AND email_key <> $1 LIMIT 2)
            """, [.of(key)]
        ) { try UserRow.read($0) }
        if let owner = users.first(where: { StoredUser.loginKey($0.email).utf8.elementsEqual(key.utf8) }) { return owner }
        return users.count == 1 ? users.first : nil
    }

    package func users(after: String?, limit: Int) async throws(ProviderStoreFailure) -> [StoredUser] {
        try await database.all(
            "SELECT \(Self.columns) FROM users WHERE email_key > $1 ORDER BY email_key LIMIT $2",
            [.of(after.map(StoredUser.loginKey) ?? ""), .limit(limit)]
        ) { try UserRow.read($0) }
    }

    package func replace(_ user: StoredUser) async throws(ProviderStoreFailure) -> UserReplacement {
        try await database.transaction { db in try Self.replace(user, db) }
    }

    private static func replace(_ user: StoredUser, _ db: PostgresSession) throws -> UserReplacement {
        let (expected, overflow) = user.version.subtractingReportingOverflow(1)
        guard !overflow, try locked(user.id, db)?.version == expected else { return .outdated }
        try claim(user.email, db)
        let isTaken = try db.rows(
            "SELECT EXISTS (SELECT 1 FROM users WHERE email_key = $1 AND id <> $2)",
            [.of(StoredUser.loginKey(user.email)), .of(user.id)])
        guard isTaken.first?.only == .boolean(false) else { return .taken }
        let written = try db.change(
            PostgresSQL.replace("users", UserRow.columns), UserRow.values(user) + [.versionBefore(user.version)])
        return written == 1 ? .replaced : .outdated
    }

    /// Keeps others from giving the address to somebody else until the transaction ends.
    private static func claim(_ email: String, _ db: PostgresSession) throws {
        let key = StoredUser.loginKey(email)
        try db.change("SELECT pg_advisory_xact_lock(hashtextextended('e-mail address ' || $1, 0))", [.of(key)])
    }

    private static func locked(_ id: String, _ db: PostgresSession) throws -> StoredUser? {
        try db.rows("SELECT \(columns) FROM users WHERE id = $1 FOR UPDATE", [.of(id)]).first.map { try UserRow.read($0) }
    }

    package func deleteUser(id: String) async throws(ProviderStoreFailure) -> Bool {
        try await database.change("DELETE FROM users WHERE id = $1", [.of(id)]) == 1
    }

    package func invite(_ invitation: InvitationRecord) async throws(ProviderStoreFailure) {
        try await database.transaction { db in
            guard try Self.locked(invitation.userID, db) != nil else { return }
            try db.change("DELETE FROM invitations WHERE user_id = $1", [.of(invitation.userID)])
            try Self.insert(invitation, db)
        }
    }

    package func invitation(_ key: SecretDigest) async throws(ProviderStoreFailure) -> InvitationRecord? {
        try await database.one(
            "SELECT \(PostgresSQL.list(InvitationRow.columns)) FROM invitations WHERE key = $1", [.of(key.bytes)]
        ) { try InvitationRow.read($0) }
    }

    package func accept(
        _ key: SecretDigest, hash: Secret, now: UnixTime
    ) async throws(ProviderStoreFailure) -> StoredUser? {
        try await database.transaction { db in
            let owner = try db.rows("SELECT user_id FROM invitations WHERE key = $1", [.of(key.bytes)]).first
            guard let id = try owner?.text("user_id"), var user = try Self.locked(id, db) else { return nil }
            // Only now is it certain that nobody else has taken it.
            let taken = try db.change(
                "DELETE FROM invitations WHERE key = $1 AND expires_at > $2", [.of(key.bytes), .of(now.seconds)])
            guard taken == 1 else { return nil }
            user.hash = hash
            user.passwordChangedAt = now
            user.version = user.version.addingReportingOverflow(1).partialValue
            guard try Self.replace(user, db) == .replaced else {
                throw ProviderStoreFailure(detail: "a user could not be given a password")
            }
            try db.change("DELETE FROM invitations WHERE user_id = $1", [.of(id)])
            return user
        }
    }

    package func sweepInvitations(expiredAt: UnixTime, limit: Int) async throws(ProviderStoreFailure) -> Int {
        try await database.change(
            PostgresSQL.sweep("invitations", key: "key"), [.of(expiredAt.seconds), .limit(limit)])
    }

    private static func insert(_ invitation: InvitationRecord, _ db: PostgresSession) throws {
        try db.change(PostgresSQL.insert(into: "invitations", InvitationRow.columns), InvitationRow.values(invitation))
    }
}
