package import JOSE

/// Where the provider keeps users that are not written into its configuration. Every operation either has happened when it returns,
/// or throws `ProviderStoreFailure`; there is no in-between.
package protocol UserStore: Sendable {
    /// Writes a new user, with a link for them or without, in one transaction.
    /// - Returns: `false`, with nothing written, where the id or the e-mail address is taken.
    func create(_ user: StoredUser, invitation: InvitationRecord?) async throws(ProviderStoreFailure) -> Bool

    func user(id: String) async throws(ProviderStoreFailure) -> StoredUser?

    /// Whose e-mail address this is, in whatever case; or else who alone has it as user name.
    func user(login: String) async throws(ProviderStoreFailure) -> StoredUser?

    /// At most `limit` users in the order of their e-mail addresses (by `StoredUser.loginKey`), from the one behind `after` on.
    func users(after: String?, limit: Int) async throws(ProviderStoreFailure) -> [StoredUser]

    /// Compare-and-swap: replaces the stored user of `user.id` if its version is `user.version - 1`.
    func replace(_ user: StoredUser) async throws(ProviderStoreFailure) -> UserReplacement

    /// Deletes a user, and the links for them, in one transaction.
    /// - Returns: whether there was one.
    func deleteUser(id: String) async throws(ProviderStoreFailure) -> Bool

    /// Writes a link in place of those that the user had before.
    func invite(_ invitation: InvitationRecord) async throws(ProviderStoreFailure)

    /// The link as it is, expired or not.
    func invitation(_ key: SecretDigest) async throws(ProviderStoreFailure) -> InvitationRecord?

    /// Takes a link that has not expired, gives its user the password's hash, and deletes all links of the user, in one transaction:
    /// of any number of callers exactly one gets the user.
    func accept(
        _ key: SecretDigest, hash: Secret, now: UnixTime
    ) async throws(ProviderStoreFailure) -> StoredUser?

    /// Deletes at most `limit` links whose time is over.
    /// - Returns: how many.
    func sweepInvitations(expiredAt: UnixTime, limit: Int) async throws(ProviderStoreFailure) -> Int
}

/// What became of a change of a user.
package enum UserReplacement: Sendable, Equatable {
    case replaced
    /// Somebody else has changed or deleted the user meanwhile.
    case outdated
    /// Another user has the e-mail address.
    case taken
}
