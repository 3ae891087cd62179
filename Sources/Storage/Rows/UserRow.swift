import JOSE
import OpenIDProvider

/// A user as a row of `users`.
enum UserRow {
    static let columns = [
        "id", "version", "email", "email_key", "username", "username_key", "name", "groups", "hash", "is_disabled", "created_at",
        "password_changed_at",
    ]

    static func values(_ user: StoredUser) -> [ColumnValue] {
        [
            .of(user.id), .of(user.version), .of(user.email), .of(StoredUser.loginKey(user.email)), .of(user.username),
            .of(StoredUser.loginKey(user.username)), .of(user.name), .of(JSONValue.strings(user.groups).jsonText),
            .of(user.hash?.text), .boolean(user.isDisabled), .of(user.createdAt.seconds), .of(user.passwordChangedAt?.seconds),
        ]
    }

    static func read(_ row: some StoredRow) throws -> StoredUser {
        guard let groups = (try? JSONReader.read(row.text("groups").utf8))?.stringList else {
            throw ProviderStoreFailure(detail: "a user's row is damaged")
        }
        return StoredUser(
            id: try row.text("id"), email: try row.text("email"), username: try row.text("username"),
            name: try row.text("name"), groups: groups, hash: try row.possibleSecret("hash"),
            isDisabled: try row.flag("is_disabled"), createdAt: try row.moment("created_at"),
            passwordChangedAt: try row.possibleMoment("password_changed_at"), version: try row.integer("version"))
    }
}

/// A link for somebody new as a row of `invitations`.
enum InvitationRow {
    static let columns = ["key", "user_id", "expires_at"]

    static func values(_ invitation: InvitationRecord) -> [ColumnValue] {
        [.of(invitation.key.bytes), .of(invitation.userID), .of(invitation.expiresAt.seconds)]
    }

    static func read(_ row: some StoredRow) throws -> InvitationRecord {
        InvitationRecord(
            key: SecretDigest(bytes: try row.bytes("key")), userID: try row.text("user_id"),
            expiresAt: try row.moment("expires_at"))
    }
}
