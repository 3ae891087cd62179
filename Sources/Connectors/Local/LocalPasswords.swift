package import JOSE
package import OpenIDProvider

/// The passwords of local users: which may be chosen, how they are hashed, and where that is done.
package struct LocalPasswords: PasswordHashing {
    private let scheme: PasswordScheme
    /// In characters (Unicode scalars), as NIST SP 800-63B §5.1.1.2 counts.
    private let minimumLength: Int
    private let refused: RefusedPasswords
    private let pool: HashingPool
    private let randomness: Randomness

    package init(
        scheme: PasswordScheme = .usual, minimumLength: Int = 8, refused: RefusedPasswords = .none,
        pool: HashingPool, randomness: Randomness
    ) {
        self.scheme = scheme
        self.minimumLength = minimumLength
        self.refused = refused
        self.pool = pool
        self.randomness = randomness
    }

    package func hash(_ password: Secret) async -> HashedPassword {
        if let refusal = refusal(of: password) { return .refused(refusal) }
        let hash = await pool.run { [scheme, randomness] in scheme.hash(password, randomness: randomness) }
        switch hash {
        case .some(.some(let hash)): return .hashed(hash)
        case .some(.none): return .refused(.unusable)
        case .none: return .busy
        }
    }

    package func matches(_ password: Secret, hash: Secret) async -> Bool? {
        await pool.run { PasswordScheme.matches(password, hash: hash) }
    }

    private func refusal(of password: Secret) -> PasswordRefusal? {
        guard let text = String(validating: password.bytes, as: UTF8.self), !password.bytes.contains(0) else { return .unusable }
        if text.unicodeScalars.count < max(1, minimumLength) { return .tooShort(max(1, minimumLength)) }
        if password.bytes.count > scheme.maximumPasswordBytes { return .tooLong(scheme.maximumPasswordBytes) }
        return refused.contains(password) ? .listed : nil
    }
}
