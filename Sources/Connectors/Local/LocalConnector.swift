package import JOSE
package import OpenIDProvider

/// The users written into the configuration, with bcrypt hashes.
package struct LocalConnector: PasswordConnector {
    /// Dex's name for its own users: subjects stay the same.
    package let id = "local"

    private let users: [LocalUser]
    private let pool: HashingPool
    private let matches: @Sendable (_ password: Secret, _ hash: Secret) -> Bool
    /// For unknown users: checking it costs what checking the dearest user costs.
    private let decoy: Secret

    /// - Parameters:
    ///   - randomness: for the hash that unknown users are checked against.
    ///   - matches: whether a hash is a password's; called on the pool's threads.
    package init(
        users: [LocalUser], randomness: Randomness, pool: HashingPool = HashingPool(),
        matches: @escaping @Sendable (_ password: Secret, _ hash: Secret) -> Bool = Bcrypt.matches
    ) {
        self.users = users
        self.pool = pool
        self.matches = matches
        let cost = users.compactMap { Bcrypt.cost(of: $0.hash) }.max() ?? Bcrypt.usualCost
        decoy = Self.decoy(cost: cost, randomness: randomness)
    }

    /// A well-formed hash of no password that anybody knows: 22 letters of salt and 31 of digest, at random.
    private static func decoy(cost: Int, randomness: Randomness) -> Secret {
        let alphabet = Array("./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
        let letters = randomness.bytes(53).map { alphabet[Int($0 & 63)] }
        // The salt has 128 bits: of its last letter's six only two count, and libcrypt takes no others.
        let salt = letters.prefix(21) + [UInt8(ascii: ".")]
        let digits = cost < 10 ? "0\(cost)" : "\(cost)"
        return Secret(Array("$2b$\(digits)$".utf8) + salt + letters.suffix(31))
    }

    package func authenticate(login: String, password: Secret) async -> PasswordOutcome {
        // Refused alike for everybody, known or not.
        guard Bcrypt.refusal(of: password) == nil else { return .wrong }
        let user = user(login)
        let hash = user?.hash ?? decoy
        guard let isRight = await pool.run({ [matches] in matches(password, hash) }) else { return .busy }
        guard isRight, let user else { return .wrong }
        return .authenticated(user.connectorUser)
    }

    package func refresh(_ user: ConnectorUser) async -> RefreshedUser {
        users.first { $0.id.utf8.elementsEqual(user.id.utf8) }.map { .current($0.connectorUser) } ?? .gone
    }

    /// By e-mail address in any case of ASCII letters, or by a user name that only one user has.
    private func user(_ login: String) -> LocalUser? {
        let address = Self.lowercased(login)
        if let user = users.first(where: { Self.lowercased($0.email) == address }) { return user }
        let named = users.filter { $0.username.utf8.elementsEqual(login.utf8) }
        return named.count == 1 ? named.first : nil
    }

    private static func lowercased(_ text: String) -> [UInt8] {
        text.utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
    }
}
