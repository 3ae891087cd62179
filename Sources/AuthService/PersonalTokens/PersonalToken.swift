package import Accounts
package import JOSE

/// A token that somebody made for their own programs, as the store keeps it: never the token itself.
package struct PersonalToken: Sendable {
    package enum Access: String, Sendable, CaseIterable {
        case full
        /// Only GET, HEAD and OPTIONS.
        case read
    }

    /// The SHA-256 of the token: whoever reads the store cannot make tokens of it.
    package let key: SHA256Bytes
    /// For people and commands, unique; says nothing of the token.
    package let id: String
    package let name: String
    package let access: Access
    /// Who made it, as they signed in the last time.
    package var identity: Identity
    package let createdAt: UnixTime
    package let expiresAt: UnixTime
    /// Written at most once a minute.
    package var lastUsedAt: UnixTime?

    package init(
        key: SHA256Bytes, id: String, name: String, access: Access, identity: Identity, createdAt: UnixTime,
        expiresAt: UnixTime, lastUsedAt: UnixTime? = nil
    ) {
        self.key = key
        self.id = id
        self.name = name
        self.access = access
        self.identity = identity
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.lastUsedAt = lastUsedAt
    }
}

/// Whose tokens are meant.
package enum PersonalTokenSelection: Sendable {
    case all
    case owner(issuer: String, subject: String)
    /// A subject, an e-mail address or a user name.
    case user(String)

    package func includes(_ token: PersonalToken) -> Bool {
        switch self {
        case .all: true
        case .owner(let issuer, let subject):
            token.identity.issuer.utf8.elementsEqual(issuer.utf8) && token.identity.subject.utf8.elementsEqual(subject.utf8)
        case .user(let name):
            [token.identity.subject, token.identity.email, token.identity.preferredUsername].contains {
                $0?.utf8.elementsEqual(name.utf8) ?? false
            }
        }
    }
}

/// Where personal tokens live. Every operation either has happened when it returns, or throws `StoreFailure`.
package protocol PersonalTokenStore: Sendable {
    /// - Returns: `false`, and nothing is created, where the owner has `limit` tokens already.
    func create(_ token: PersonalToken, limit: Int) async throws(StoreFailure) -> Bool
    func load(_ key: SHA256Bytes) async throws(StoreFailure) -> PersonalToken?
    /// The newest first.
    func list(_ selection: PersonalTokenSelection, limit: Int) async throws(StoreFailure) -> [PersonalToken]
    /// Writes `lastUsedAt` if the stored one is older. A token that is gone stays gone.
    func touch(_ key: SHA256Bytes, usedAt: UnixTime) async throws(StoreFailure)
    /// Writes what the owner's newest sign-in says of them to all their tokens.
    func renew(_ identity: Identity) async throws(StoreFailure)
    /// - Returns: whether there was such a token.
    func delete(_ key: SHA256Bytes) async throws(StoreFailure) -> Bool
    /// Deletes at most `limit` tokens that expired before a moment.
    /// - Returns: how many it deleted.
    func sweep(expiredAt: UnixTime, limit: Int) async throws(StoreFailure) -> Int
}
