import CArgon2
package import JOSE

/// Argon2id (RFC 9106) over the system's libargon2, in the usual text: `$argon2id$v=19$m=19456,t=2,p=1$salt$digest`.
package enum Argon2id {
    /// What a hash costs.
    package struct Cost: Sendable, Equatable {
        /// KiB.
        package var memory: UInt32
        package var iterations: UInt32
        package var parallelism: UInt32

        package init(memory: UInt32, iterations: UInt32, parallelism: UInt32) {
            self.memory = memory
            self.iterations = iterations
            self.parallelism = parallelism
        }

        /// About, in any unit.
        var work: UInt64 { UInt64(memory) * UInt64(iterations) }

        /// What a hash may say that it costs: more could take the process's memory.
        var isBearable: Bool {
            (8...Self.maximumMemory).contains(memory) && (1...64).contains(iterations) && (1...16).contains(parallelism)
                && memory >= 8 * parallelism
        }

        /// 1 GiB.
        package static let maximumMemory: UInt32 = 1 << 20
    }

    /// The least that OWASP's cheat sheet on storing passwords advises.
    package static let usualCost = Cost(memory: 19 * 1024, iterations: 2, parallelism: 1)
    package static let maximumPasswordBytes = 1024

    private static let saltLength = 16
    private static let digestLength = 32

    /// A hash with a new salt; `nil` where libargon2 has no memory for it, or for a cost that is not bearable. Takes long: not for event
    /// loops nor for Swift's own threads.
    package static func hash(_ password: Secret, cost: Cost, randomness: Randomness) -> Secret? {
        guard cost.isBearable, !password.isEmpty, password.bytes.count <= maximumPasswordBytes else { return nil }
        let salt = randomness.bytes(saltLength)
        let length = argon2_encodedlen(
            cost.iterations, cost.memory, cost.parallelism, UInt32(saltLength), UInt32(digestLength), Argon2_id)
        var encoded = [CChar](repeating: 0, count: length)
        let outcome = argon2id_hash_encoded(
            cost.iterations, cost.memory, cost.parallelism, password.bytes, password.bytes.count, salt, saltLength, digestLength,
            &encoded, length)
        guard outcome == ARGON2_OK.rawValue else { return nil }
        return Secret(encoded.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) })
    }

    /// Whether the hash is the password's; `false` for hashes that are not Argon2id. Takes long, as `hash`.
    package static func matches(_ password: Secret, hash: Secret) -> Bool {
        guard cost(of: hash) != nil, !password.isEmpty, password.bytes.count <= maximumPasswordBytes else { return false }
        let encoded = hash.bytes.map { CChar(bitPattern: $0) } + [0]
        return argon2id_verify(encoded, password.bytes, password.bytes.count) == ARGON2_OK.rawValue
    }

    /// The cost of a well-formed hash that is bearable; `nil` for every other text.
    package static func cost(of hash: Secret) -> Cost? {
        let parts = hash.text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0].isEmpty, parts[1] == "argon2id", parts[2] == "v=19", !parts[4].isEmpty,
            !parts[5].isEmpty, !hash.bytes.contains(0)
        else { return nil }
        let numbers = parts[3].split(separator: ",", omittingEmptySubsequences: false)
        guard numbers.count == 3, let memory = number(numbers[0], "m="), let iterations = number(numbers[1], "t="),
            let parallelism = number(numbers[2], "p=")
        else { return nil }
        let cost = Cost(memory: memory, iterations: iterations, parallelism: parallelism)
        return cost.isBearable ? cost : nil
    }

    private static func number(_ text: Substring, _ name: String) -> UInt32? {
        let digits = text.dropFirst(name.utf8.count)
        guard text.hasPrefix(name), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return UInt32(digits)
    }
}
