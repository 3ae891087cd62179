package import JOSE

/// How new hashes of passwords are made. Those that were made otherwise are still right, and are made anew when their user signs in.
package enum PasswordScheme: Sendable, Equatable {
    /// With its cost.
    case bcrypt(Int)
    case argon2id(Argon2id.Cost)

    package static let usual = PasswordScheme.bcrypt(Bcrypt.usualCost)

    /// What a hash was made by; `nil` for a text that is none.
    package init?(of hash: Secret) {
        if let cost = Bcrypt.cost(of: hash) {
            self = .bcrypt(cost)
        } else if let cost = Argon2id.cost(of: hash) {
            self = .argon2id(cost)
        } else {
            return nil
        }
    }

    /// Takes long: not for event loops nor for Swift's own threads. `nil` for what the scheme cannot hash.
    package func hash(_ password: Secret, randomness: Randomness) -> Secret? {
        switch self {
        case .bcrypt(let cost): try? Bcrypt.hash(password, cost: cost, randomness: randomness)
        case .argon2id(let cost): Argon2id.hash(password, cost: cost, randomness: randomness)
        }
    }

    package var maximumPasswordBytes: Int {
        switch self {
        case .bcrypt: Bcrypt.maximumPasswordBytes
        case .argon2id: Argon2id.maximumPasswordBytes
        }
    }

    /// Whether a hash of any scheme is the password's. Takes long, as `hash`.
    package static func matches(_ password: Secret, hash: Secret) -> Bool {
        switch PasswordScheme(of: hash) {
        case .bcrypt: Bcrypt.matches(password, hash: hash)
        case .argon2id: Argon2id.matches(password, hash: hash)
        case nil: false
        }
    }
}
