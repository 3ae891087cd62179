package import JOSE

/// The users of the store, with all that follows from changing one: whoever is disabled, removed or has a new password is signed out.
package struct UserAccounts: Sendable {
    /// What an operator decides about them.
    package struct Settings: Sendable {
        /// Seconds for which a link is good.
        package var invitationLife: Int64

        package init(invitationLife: Int64 = 3 * 86400) { self.invitationLife = invitationLife }
    }

    /// What stands behind them.
    package struct Parts: Sendable {
        let store: any UserStore
        let passwords: any PasswordHashing
        let settings: Settings

        package init(store: any UserStore, passwords: any PasswordHashing, settings: Settings = Settings()) {
            self.store = store
            self.passwords = passwords
            self.settings = settings
        }
    }

    /// The connector that the users are of.
    static let connectorID = "local"
    /// Of several changes at once, each tries again so often.
    private static let maximumTries = 5

    let parts: Parts
    let issuer: Issuer

    var store: any UserStore { parts.store }

    /// A link, to be handed to its user. Nobody can ask for it again.
    package struct Invitation: Sendable {
        package let url: Secret
        package let expiresAt: UnixTime
    }

    /// What can be said about a new user.
    package struct Description: Sendable {
        package var email: String
        package var username: String?
        package var name: String?
        package var groups: [String]

        package init(email: String, username: String? = nil, name: String? = nil, groups: [String] = []) {
            self.email = email
            self.username = username
            self.name = name
            self.groups = groups
        }
    }

    package enum Addition: Sendable {
        case added(StoredUser, Invitation?)
        /// There is somebody with this e-mail address.
        case taken
        case refused(PasswordRefusal)
        case busy
    }

    /// Makes a user.
    /// - Parameter password: `nil`: they choose it themselves, with a link.
    package func add(
        _ description: Description, password: Secret?
    ) async throws(ProviderStoreFailure) -> Addition {
        var hash: Secret?
        if let password {
            switch await parts.passwords.hash(password) {
            case .hashed(let made): hash = made
            case .refused(let refusal): return .refused(refusal)
            case .busy: return .busy
            }
        }
        let now = issuer.clock.now
        let username = description.username ?? String(description.email.prefix { $0 != "@" })
        let user = StoredUser(
            id: issuer.randomness.identifier(), email: description.email, username: username,
            name: description.name ?? username, groups: description.groups, hash: hash, createdAt: now,
            passwordChangedAt: hash == nil ? nil : now)
        let link = hash == nil ? newLink(userID: user.id) : nil
        guard try await store.create(user, invitation: link?.record) else { return .taken }
        return .added(user, link?.invitation)
    }

    /// By id, e-mail address or user name.
    package func user(_ name: String) async throws(ProviderStoreFailure) -> StoredUser? {
        if let user = try await store.user(id: name) { return user }
        return try await store.user(login: name)
    }

    package func users(after: String?, limit: Int) async throws(ProviderStoreFailure) -> [StoredUser] {
        try await store.users(after: after, limit: limit)
    }

    package enum Change: Sendable {
        case changed(StoredUser)
        case gone
        case taken
    }

    /// Changes a user. One who is disabled by it is signed out everywhere.
    package func change(
        id: String, _ change: @Sendable (inout StoredUser) -> Void
    ) async throws(ProviderStoreFailure) -> Change {
        for _ in 0..<Self.maximumTries {
            guard let before = try await store.user(id: id) else { return .gone }
            var user = before
            change(&user)
            if user == before { return .changed(user) }
            user.version = before.version.addingReportingOverflow(1).partialValue
            switch try await store.replace(user) {
            case .replaced:
                if user.isDisabled { try await end(user, reason: "the user was disabled") }
                return .changed(user)
            case .taken: return .taken
            case .outdated: continue
            }
        }
        throw ProviderStoreFailure(detail: "a user changed again and again while it was changed")
    }

    package enum PasswordChange: Sendable {
        case changed(StoredUser)
        case gone
        case refused(PasswordRefusal)
        case busy
    }

    /// Gives a user another password, and signs them out everywhere; links that they have are good for nothing any more.
    package func setPassword(id: String, _ password: Secret) async throws(ProviderStoreFailure) -> PasswordChange {
        let hash: Secret
        switch await parts.passwords.hash(password) {
        case .hashed(let made): hash = made
        case .refused(let refusal): return .refused(refusal)
        case .busy: return .busy
        }
        let now = issuer.clock.now
        let outcome = try await change(id: id) { user in
            user.hash = hash
            user.passwordChangedAt = now
        }
        guard case .changed(let user) = outcome else { return .gone }
        // A link that nobody has, in the place of those before it.
        _ = try await invite(user)
        try await end(user, reason: "an administrator has set another password")
        return .changed(user)
    }

    /// Makes a link with which the user chooses a password; the links before it are good for nothing any more.
    package func invite(_ user: StoredUser) async throws(ProviderStoreFailure) -> Invitation {
        let link = newLink(userID: user.id)
        try await store.invite(link.record)
        return link.invitation
    }

    /// Deletes a user, who is signed out everywhere.
    /// - Returns: whether there was one.
    package func delete(_ user: StoredUser) async throws(ProviderStoreFailure) -> Bool {
        guard try await store.deleteUser(id: user.id) else { return false }
        _ = try await issuer.secondFactors.removeSecondFactors(
            of: SecondFactorAccount(connectorID: Self.connectorID, userID: user.id))
        try await end(user, reason: "the user was deleted")
        return true
    }

    /// What the user is called in tokens.
    package func subject(of user: StoredUser) -> String { Self.subject(ofUserID: user.id) }

    static func subject(ofUserID id: String) -> String {
        Subject.of(ConnectorUser(id: id, claims: JSONObject()), connectorID: connectorID)
    }

    /// Signs a user out everywhere and ends what clients got for them.
    /// - Parameter kept: the browser's account that goes on.
    func end(_ user: StoredUser, reason: String, except kept: SSOAccount? = nil) async throws(ProviderStoreFailure) {
        try await SSOSignOut(issuer: issuer).endAll(ofSubject: subject(of: user), reason: reason, except: kept?.id)
    }

    private func newLink(userID: String) -> (record: InvitationRecord, invitation: Invitation) {
        let token = Secret(utf8: issuer.randomness.token(32))
        let expiry = issuer.clock.now.adding(parts.settings.invitationLife)
        let url = issuer.url("/invitation?\(InvitationEndpoint.tokenField)=\(token.text)")
        return (
            InvitationRecord(key: SecretDigest(of: token), userID: userID, expiresAt: expiry),
            Invitation(url: Secret(utf8: url), expiresAt: expiry)
        )
    }
}
