import CCrypt
package import JOSE

/// bcrypt over the system's libcrypt: `$2a$`, `$2b$` and `$2y$`.
package enum Bcrypt {
    /// bcrypt reads no further.
    package static let maximumPasswordBytes = 72
    /// Below 8 a hash is quickly guessed; above 16 a sign-in takes seconds.
    package static let costs = 8...16
    package static let usualCost = 10

    /// What a password is refused for before anything is hashed.
    package enum Refusal: String, Error, Sendable {
        case empty = "the password is empty"
        case tooLong = "the password is longer than 72 bytes, of which bcrypt would not read the rest"
        case zeroByte = "the password holds a zero byte"
        case cost = "the cost is not between 8 and 16"
        case system = "the system's libcrypt does not offer bcrypt"
    }

    package static func refusal(of password: Secret) -> Refusal? {
        if password.isEmpty { return .empty }
        if password.bytes.count > maximumPasswordBytes { return .tooLong }
        return password.bytes.contains(0) ? .zeroByte : nil
    }

    /// A `$2b$` hash with a new salt. Takes long: not for event loops nor for Swift's own threads.
    package static func hash(_ password: Secret, cost: Int, randomness: Randomness) throws(Refusal) -> Secret {
        if let refusal = refusal(of: password) { throw refusal }
        guard costs.contains(cost) else { throw .cost }
        guard let setting = salt(cost: cost, randomness: randomness), let hash = crypt(password, setting: setting) else {
            throw .system
        }
        return hash
    }

    /// Whether the hash is the password's; `false` for passwords that are refused and for hashes that are not bcrypt. Takes long,
    /// as `hash`.
    package static func matches(_ password: Secret, hash: Secret) -> Bool {
        guard refusal(of: password) == nil, cost(of: hash) != nil, let result = crypt(password, setting: hash) else {
            return false
        }
        return result.matches(hash)
    }

    /// The cost of a well-formed hash (`$2b$10$` and 53 letters); `nil` for every other text.
    package static func cost(of hash: Secret) -> Int? {
        let parts = hash.bytes.split(separator: UInt8(ascii: "$"), omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0].isEmpty, ["2a", "2b", "2y"].contains(where: { $0.utf8.elementsEqual(parts[1]) }),
            parts[2].count == 2, parts[3].count == 53,
            let cost = Int(String(decoding: parts[2], as: UTF8.self)), (4...31).contains(cost)
        else { return nil }
        return cost
    }

    private static func salt(cost: Int, randomness: Randomness) -> Secret? {
        let random = randomness.bytes(16).map { CChar(bitPattern: $0) }
        var output = [CChar](repeating: 0, count: Int(CRYPT_GENSALT_OUTPUT_SIZE))
        let count = Int32(output.count)
        guard crypt_gensalt_rn("$2b$", UInt(cost), random, Int32(random.count), &output, count) != nil else { return nil }
        return text(output)
    }

    private static func crypt(_ password: Secret, setting: Secret) -> Secret? {
        let size = MemoryLayout<crypt_data>.size
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
        memory.initializeMemory(as: UInt8.self, repeating: 0)
        defer {
            // The password has been in there.
            memory.initializeMemory(as: UInt8.self, repeating: 0)
            memory.deallocate()
        }
        let phrase = password.bytes.map { CChar(bitPattern: $0) } + [0]
        let salt = setting.bytes.map { CChar(bitPattern: $0) } + [0]
        guard let output = crypt_rn(phrase, salt, memory.baseAddress, Int32(size)) else { return nil }
        return Secret(utf8: String(cString: output))
    }

    private static func text(_ characters: [CChar]) -> Secret {
        Secret(characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) })
    }
}
