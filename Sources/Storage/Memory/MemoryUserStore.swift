package import JOSE
package import OpenIDProvider

/// The provider's users in memory. Gone with the process.
package actor MemoryUserStore: UserStore {
    private var users: [String: StoredUser] = [:]
    private var invitations: [SecretDigest: InvitationRecord] = [:]

    package init() {}

    package func create(_ user: StoredUser, invitation: InvitationRecord?) async throws(ProviderStoreFailure) -> Bool {
        try RecordLimit.checkProvider(UserRow.values(user))
        guard users[user.id] == nil, !isTaken(user) else { return false }
        users[user.id] = user
        if let invitation { invitations[invitation.key] = invitation }
        return true
    }

    package func user(id: String) async throws(ProviderStoreFailure) -> StoredUser? { users[id] }

    package func user(login: String) async throws(ProviderStoreFailure) -> StoredUser? {
        let key = Self.key(login)
        if let user = users.values.first(where: { Self.key($0.email) == key }) { return user }
        let named = users.values.filter { Self.key($0.username) == key }
        return named.count == 1 ? named.first : nil
    }

    package func users(after: String?, limit: Int) async throws(ProviderStoreFailure) -> [StoredUser] {
        let keyed = users.values.map { (key: Self.key($0.email), user: $0) }
        let bound = after.map(Self.key)
        return keyed.filter { entry in bound.map { $0.lexicographicallyPrecedes(entry.key) } ?? true }
            .sorted { $0.key.lexicographicallyPrecedes($1.key) }.prefix(max(0, limit)).map(\.user)
    }

    package func replace(_ user: StoredUser) async throws(ProviderStoreFailure) -> UserReplacement {
        try RecordLimit.checkProvider(UserRow.values(user))
        guard let stored = users[user.id], stored.version == user.version &- 1 else { return .outdated }
        guard !isTaken(user) else { return .taken }
        users[user.id] = user
        return .replaced
    }

    package func deleteUser(id: String) async throws(ProviderStoreFailure) -> Bool {
        dropInvitations(userID: id)
        return users.removeValue(forKey: id) != nil
    }

    package func invite(_ invitation: InvitationRecord) async throws(ProviderStoreFailure) {
        dropInvitations(userID: invitation.userID)
        if users[invitation.userID] != nil { invitations[invitation.key] = invitation }
    }

    package func invitation(_ key: SecretDigest) async throws(ProviderStoreFailure) -> InvitationRecord? { invitations[key] }

    package func accept(
        _ key: SecretDigest, hash: Secret, now: UnixTime
    ) async throws(ProviderStoreFailure) -> StoredUser? {
        guard let invitation = invitations[key], now < invitation.expiresAt, var user = users[invitation.userID] else {
            return nil
        }
        user.hash = hash
        user.passwordChangedAt = now
        user.version &+= 1
        try RecordLimit.checkProvider(UserRow.values(user))
        users[user.id] = user
        dropInvitations(userID: user.id)
        return user
    }

    package func sweepInvitations(expiredAt: UnixTime, limit: Int) async throws(ProviderStoreFailure) -> Int {
        let old = invitations.values.filter { $0.expiresAt <= expiredAt }.prefix(limit)
        for invitation in old { invitations[invitation.key] = nil }
        return old.count
    }

    private func isTaken(_ user: StoredUser) -> Bool {
        let key = Self.key(user.email)
        return users.values.contains { $0.id != user.id && Self.key($0.email) == key }
    }

    private static func key(_ login: String) -> [UInt8] { Array(StoredUser.loginKey(login).utf8) }

    private func dropInvitations(userID: String) {
        for invitation in invitations.values where invitation.userID == userID { invitations[invitation.key] = nil }
    }
}
