import Yams

/// `provider.passwords`
enum PasswordSection {
    static let algorithm = Key.defaulted(
        "algorithm", .choice(), PasswordSettings.Algorithm.bcrypt, "How new hashes are made.")
    static let bcryptCost = Key.defaulted(
        "bcryptCost", .count(8...16), 10, "What a new hash costs: one more takes twice as long.")
    static let argon2id = Key.section("argon2id", Argon2idSection.section, "What a new hash costs with Argon2id.")
    static let minimumLength = Key.defaulted(
        "minimumLength", .count(1...64), 8, "So many characters a password that somebody chooses needs.")
    static let refused = Key.optional(
        "refused", listFile, "A file with passwords that nobody may choose, or their SHA-1, one a line; read at the start.")

    static let section = Section(
        "passwords",
        [algorithm.listed, bcryptCost.listed, argon2id.listed, minimumLength.listed, refused.listed]
    ) { fields in
        PasswordSettings(
            algorithm: fields(algorithm), bcryptCost: fields(bcryptCost), argon2id: fields(argon2id),
            minimumLength: fields(minimumLength), refused: fields(refused))
    }

    private static let listFile = Shape<String>.file().then { path, node, reading -> String? in
        do throws(ConfigurationSources.Failure) {
            _ = try reading.sources.file(path, 0)
            return path
        } catch {
            return reading.refuse(
                "the list \(quoted(path)) cannot be read (\(error.reason))", "make it, or correct the path", node)
        }
    }
}

/// `provider.passwords.argon2id`
enum Argon2idSection {
    static let memory = Key.defaulted("memory", .byteCount(8 << 20...1 << 30), 19 << 20, "For each hash that is made.")
    static let iterations = Key.defaulted("iterations", .count(1...64), 2, "How often it goes over the memory.")
    static let parallelism = Key.defaulted("parallelism", .count(1...16), 1, "Lanes.")

    static let section = Section("argon2id", [memory.listed, iterations.listed, parallelism.listed]) { fields in
        PasswordSettings.Argon2id(
            memory: fields(memory), iterations: fields(iterations), parallelism: fields(parallelism))
    }
}

/// `provider.storedUsers`
enum StoredUserSection {
    static let invitations = Key.defaulted(
        "invitations", .duration(atLeast: 300, atMost: 30 * 86400), 3 * 86400,
        "For so long a link is good with which somebody chooses a password.")

    static let section = Section("storedUsers", [invitations.listed]) { fields in
        StoredUserSettings(invitations: fields(invitations))
    }
}

/// How passwords of users in the storage are hashed, and which may be chosen.
package struct PasswordSettings: Sendable, Equatable {
    package enum Algorithm: String, Sendable, CaseIterable {
        case bcrypt, argon2id
    }

    package struct Argon2id: Sendable, Equatable {
        /// Bytes.
        package var memory: Int
        package var iterations: Int
        package var parallelism: Int
    }

    package var algorithm: Algorithm
    package var bcryptCost: Int
    package var argon2id: Argon2id
    package var minimumLength: Int
    /// The path of a list, which could be read.
    package var refused: String?
}

/// Users who are kept in the storage.
package struct StoredUserSettings: Sendable, Equatable {
    /// Seconds.
    package var invitations: Int64
}
