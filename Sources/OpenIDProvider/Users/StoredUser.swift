package import JOSE

/// A user of the store: made, changed and removed while the program runs, unlike those of the configuration.
package struct StoredUser: Sendable, Equatable {
    /// Unique; never changes. Subjects are made of it.
    package let id: String
    /// What they sign in with; unique, whatever the case of its letters.
    package var email: String
    /// `preferred_username`. Whoever's is theirs alone can sign in with it, too.
    package var username: String
    package var name: String
    package var groups: [String]
    /// As `PasswordHashing` makes it; `nil` until somebody has chosen a password.
    package var hash: Secret?
    package var isDisabled: Bool
    package let createdAt: UnixTime
    package var passwordChangedAt: UnixTime?
    /// 1 at first; every replacement adds one.
    package var version: Int64

    package init(
        id: String, email: String, username: String, name: String, groups: [String] = [], hash: Secret? = nil,
        isDisabled: Bool = false, createdAt: UnixTime, passwordChangedAt: UnixTime? = nil, version: Int64 = 1
    ) {
        self.id = id
        self.email = email
        self.username = username
        self.name = name
        self.groups = groups
        self.hash = hash
        self.isDisabled = isDisabled
        self.createdAt = createdAt
        self.passwordChangedAt = passwordChangedAt
        self.version = version
    }

    package static func == (one: StoredUser, other: StoredUser) -> Bool {
        one.id == other.id && one.email == other.email && one.username == other.username && one.name == other.name
            && one.groups == other.groups && one.hash?.bytes == other.hash?.bytes && one.isDisabled == other.isDisabled
            && one.createdAt == other.createdAt && one.passwordChangedAt == other.passwordChangedAt
            && one.version == other.version
    }

    /// What stores compare logins by: ASCII letters in lower case, all other bytes as they are.
    package static func loginKey(_ login: String) -> String {
        String(
            decoding: login.utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}

/// A link with which somebody chooses their password: good once, and for a while.
package struct InvitationRecord: Sendable, Equatable {
    /// Of the link's token.
    package let key: SecretDigest
    package let userID: String
    package let expiresAt: UnixTime

    package init(key: SecretDigest, userID: String, expiresAt: UnixTime) {
        self.key = key
        self.userID = userID
        self.expiresAt = expiresAt
    }
}
