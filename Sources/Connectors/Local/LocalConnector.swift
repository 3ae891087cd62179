package import JOSE
package import OpenIDProvider

/// The users written into the configuration and those of the store.
package struct LocalConnector: PasswordConnector {
    /// Dex's name for its own users: subjects stay the same.
    package let id = "local"

    private let users: [LocalUser]
    private let store: (any UserStore)?
    private let scheme: PasswordScheme
    private let pool: HashingPool
    private let randomness: Randomness
    private let matches: @Sendable (_ password: Secret, _ hash: Secret) -> Bool
    private let decoys: Decoys

    /// - Parameters:
    ///   - store: `nil`: there are no users beside `users`.
    ///   - scheme: how hashes in the store ought to be made.
    ///   - randomness: for the hashes that unknown users are checked against.
    ///   - matches: whether a hash is a password's; called on the pool's threads.
    package init(
        users: [LocalUser], store: (any UserStore)? = nil, scheme: PasswordScheme = .usual, randomness: Randomness,
        pool: HashingPool = HashingPool(),
        matches: @escaping @Sendable (_ password: Secret, _ hash: Secret) -> Bool = PasswordScheme.matches
    ) {
        self.users = users
        self.store = store
        self.scheme = scheme
        self.pool = pool
        self.randomness = randomness
        self.matches = matches
        let schemes = users.compactMap { PasswordScheme(of: $0.hash) }
        decoys = Decoys(schemes: schemes + (store != nil || schemes.isEmpty ? [scheme] : []), randomness: randomness)
    }

    /// Somebody who may sign in, with the hash to check.
    private enum Found {
        case fixed(LocalUser)
        case stored(StoredUser, hash: Secret)

        var hash: Secret {
            switch self {
            case .fixed(let user): user.hash
            case .stored(_, let hash): hash
            }
        }
    }

    package func authenticate(login: String, password: Secret) async -> PasswordOutcome {
        // Refused alike for everybody, known or not.
        guard !password.isEmpty, password.bytes.count <= decoys.maximumPasswordBytes, !password.bytes.contains(0) else {
            return .wrong
        }
        let found: Found?
        do throws(ProviderStoreFailure) { found = try await find(login) } catch { return .failed(detail: error.detail) }
        let further = decoys.filling(up: found?.hash)
        let isRight = await pool.run { [matches] in
            let isRight = found.map { matches(password, $0.hash) } ?? false
            for decoy in further { _ = matches(password, decoy) }
            return isRight
        }
        guard let isRight else { return .busy }
        switch found {
        case .fixed(let user)? where isRight: return .authenticated(user.connectorUser)
        case .stored(let user, let hash)? where isRight:
            if PasswordScheme(of: hash) != scheme { await upgrade(user, password) }
            return .authenticated(user.connectorUser)
        case .fixed, .stored, nil: return .wrong
        }
    }

    package func refresh(_ user: ConnectorUser) async -> RefreshedUser {
        if let user = users.first(where: { $0.id.utf8.elementsEqual(user.id.utf8) }) { return .current(user.connectorUser) }
        do throws(ProviderStoreFailure) {
            guard let user = try await store?.user(id: user.id), !user.isDisabled else { return .gone }
            return .current(user.connectorUser)
        } catch { return .failed(detail: error.detail) }
    }

    /// In the configuration first: nobody in the store stands before its users.
    private func find(_ login: String) async throws(ProviderStoreFailure) -> Found? {
        if let user = user(login) { return .fixed(user) }
        guard let user = try await store?.user(login: login), !user.isDisabled, let hash = user.hash else { return nil }
        return .stored(user, hash: hash)
    }

    /// By e-mail address in any case of ASCII letters, or by a user name that only one user has.
    private func user(_ login: String) -> LocalUser? {
        let address = Self.lowercased(login)
        if let user = users.first(where: { Self.lowercased($0.email) == address }) { return user }
        let named = users.filter { $0.username.utf8.elementsEqual(login.utf8) }
        return named.count == 1 ? named.first : nil
    }

    private static func lowercased(_ text: String) -> [UInt8] { Array(StoredUser.loginKey(text).utf8) }

    /// Where it does not work out, the next sign-in tries again: the password is right all the same.
    private func upgrade(_ user: StoredUser, _ password: Secret) async {
        let hash = await pool.run { [scheme, randomness] in scheme.hash(password, randomness: randomness) }
        guard case .some(.some(let hash)) = hash else { return }
        var upgraded = user
        upgraded.hash = hash
        upgraded.version = user.version.addingReportingOverflow(1).partialValue
        _ = try? await store?.replace(upgraded)
    }
}
