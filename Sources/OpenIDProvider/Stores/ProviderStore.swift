package import JOSE

/// Where the provider keeps what it has given out. Every operation either has happened when it returns, or throws
/// `ProviderStoreFailure`; there is no in-between, and none leaves a row half written.
///
/// Nothing is written for anybody who has not proved who they are. Secrets are not stored: rows are found by their SHA-256.
package protocol ProviderStore: Sendable {
    /// Writes a grant and the authorization code that stands for it, in one transaction: both rows or none.
    func create(_ grant: GrantRecord, with code: AuthorizationCodeRecord) async throws(ProviderStoreFailure)

    /// Writes a grant that no code stands for.
    func create(_ grant: GrantRecord) async throws(ProviderStoreFailure)

    /// The code as it is now, used or not, expired or not; `nil` where there is none.
    func authorizationCode(_ key: SecretDigest) async throws(ProviderStoreFailure) -> AuthorizationCodeRecord?

    /// Marks the code as used, if it is there and is not used yet, as one atomic step: of any number of callers exactly one is
    /// told `true`. A used row stays until it is swept, so that a second use is known as such.
    func takeAuthorizationCode(_ key: SecretDigest) async throws(ProviderStoreFailure) -> Bool

    func grant(id: String) async throws(ProviderStoreFailure) -> GrantRecord?

    /// The grant whose `refresh` has this handle.
    func grant(refreshHandle: SecretDigest) async throws(ProviderStoreFailure) -> GrantRecord?

    /// At most `limit` grants, the newest first, expired or not.
    func grants(_ selection: GrantSelection, limit: Int) async throws(ProviderStoreFailure) -> [GrantRecord]

    /// Compare-and-swap: replaces the stored row of `grant.id` by `grant` if the stored `version` is `grant.version - 1`, as one
    /// atomic step.
    /// - Returns: whether it was replaced; `false` where another was faster or the grant has ended. An ended grant stays ended.
    func replace(_ grant: GrantRecord) async throws(ProviderStoreFailure) -> Bool

    /// Deletes the grant: its refresh tokens end at once, and its access tokens where we are asked about them.
    /// - Returns: whether there was one.
    @discardableResult
    func endGrant(id: String) async throws(ProviderStoreFailure) -> Bool

    /// Deletes every grant of one session at the provider, in one transaction.
    /// - Returns: how many there were.
    func endGrants(sessionID: String) async throws(ProviderStoreFailure) -> Int

    /// Deletes every grant of one person, in one transaction.
    /// - Parameter kept: the session at the provider whose grants go on.
    /// - Returns: how many there were.
    func endGrants(subject: String, exceptSessionID kept: String?) async throws(ProviderStoreFailure) -> Int

    /// Deletes at most `limit` codes whose `expiresAt` is not after `codesExpiredAt`, and at most `limit` grants whose `expiresAt`
    /// is not after `grantsExpiredAt`.
    /// - Returns: how many rows it deleted.
    func sweep(codesExpiredAt: UnixTime, grantsExpiredAt: UnixTime, limit: Int) async throws(ProviderStoreFailure) -> Int
}

/// A store that did not do what it was asked to: what needed it is refused for the moment, never allowed.
package struct ProviderStoreFailure: Error, Sendable {
    /// For the log: no user data.
    package let detail: String

    package init(detail: String) { self.detail = detail }
}

/// The SHA-256 of a secret that we gave out, 32 bytes: what a store knows of it.
package struct SecretDigest: Sendable, Hashable {
    package let bytes: [UInt8]

    /// From a store's column.
    package init(bytes: [UInt8]) { self.bytes = bytes }

    package init(of secret: Secret) { bytes = sha256(secret.bytes) }
}
