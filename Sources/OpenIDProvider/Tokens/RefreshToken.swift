import JOSE

/// A refresh token: base64url of the family's handle (32 bytes, random), the generation (8 bytes) and an HMAC over both (32
/// bytes) under the family's key.
struct RefreshToken {
    let text: Secret
    let generation: Int64
    private let handle: [UInt8]
    private let proof: [UInt8]

    private static let handleLength = 32
    private static let length = 32 + 8 + 32

    /// `nil` for what never was a refresh token of ours: nothing is looked up for it.
    init?(_ text: String) {
        guard let bytes = Base64URL.decode(text), bytes.count == Self.length else { return nil }
        self.text = Secret(utf8: text)
        handle = Array(bytes.prefix(Self.handleLength))
        generation = bytes[Self.handleLength..<Self.handleLength + 8].reduce(Int64(0)) { $0 << 8 | Int64($1) }
        proof = Array(bytes.suffix(32))
    }

    private init(handle: [UInt8], generation: Int64, key: [UInt8]) {
        let message = Self.message(handle, generation)
        proof = hmacSHA256(message, key: Secret(key))
        text = Secret(utf8: Base64URL.encode(message + proof))
        self.handle = handle
        self.generation = generation
    }

    /// A new family and its first token.
    static func first(randomness: Randomness, now: UnixTime) -> (family: RefreshFamily, token: RefreshToken) {
        let handle = randomness.bytes(handleLength)
        let key = randomness.bytes(32)
        let family = RefreshFamily(
            handle: SecretDigest(of: Secret(handle)), key: key, generation: 1, rotatedAt: now)
        return (family, RefreshToken(handle: handle, generation: 1, key: key))
    }

    /// What the family is found by.
    var handleDigest: SecretDigest { SecretDigest(of: Secret(handle)) }

    /// Whether the family ever issued this token.
    func isIssued(by family: RefreshFamily) -> Bool {
        let expected = hmacSHA256(Self.message(handle, generation), key: Secret(family.key))
        return Secret(expected).matches(Secret(proof))
    }

    /// The token of the family's newest generation. The same each time: a reply that got lost can be given again.
    func newest(of family: RefreshFamily) -> RefreshToken {
        RefreshToken(handle: handle, generation: family.generation, key: family.key)
    }

    private static func message(_ handle: [UInt8], _ generation: Int64) -> [UInt8] {
        handle + (0..<8).map { UInt8(truncatingIfNeeded: generation >> Int64(56 - 8 * $0)) }
    }
}
