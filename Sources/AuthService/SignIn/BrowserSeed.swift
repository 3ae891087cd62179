import JOSE

/// The browser's half of a sign-in, in one encrypted cookie: 256 random bits from which nonce, code verifier and the binding of
/// `state` are derived (HMAC-SHA-256). One cookie of constant size serves any number of tabs.
struct BrowserSeed: Sendable {
    private let secret: Secret
    private let madeAt: UnixTime
    /// The sign-ins that have come to their end lately.
    let rounds: SignInRounds

    static let purpose = "sign-in-browser"
    /// Seconds that the cookie lives.
    static let life: Int64 = 2 * SignInState.life

    init(randomness: Randomness, now: UnixTime, rounds: SignInRounds = SignInRounds()) {
        secret = Secret(randomness.bytes(32))
        madeAt = now
        self.rounds = rounds
    }

    /// What is left when a sign-in has come to its end: nothing but the count of rounds. No sign-in was begun with it.
    static func spent(_ rounds: SignInRounds, randomness: Randomness) -> BrowserSeed {
        BrowserSeed(randomness: randomness, now: UnixTime(seconds: 0), rounds: rounds)
    }

    /// `nil` for a cookie that is foreign or damaged.
    init?(cookieValue: String, keys: SealingKeys) {
        guard cookieValue.utf8.count <= 200, let bytes = keys.open(cookieValue), bytes.count == 49 else { return nil }
        secret = Secret(Array(bytes[..<32]))
        madeAt = UnixTime(bigEndianBytes: bytes[32..<40])
        rounds = SignInRounds(bytes: bytes[40...])
    }

    func cookieValue(keys: SealingKeys) throws -> String {
        try keys.seal(secret.bytes + madeAt.bigEndianBytes + rounds.bytes)
    }

    /// Whether a sign-in that was begun with it may still end.
    func isUsable(_ now: UnixTime) -> Bool { (0..<Self.life).contains(now.since(madeAt)) }

    /// Whether a sign-in that begins now would still find the cookie when it ends.
    func isFresh(_ now: UnixTime) -> Bool { (0..<Self.life - SignInState.life).contains(now.since(madeAt)) }

    var binding: [UInt8] { derive("browser", salt: []) }

    func nonce(salt: [UInt8]) -> String { Base64URL.encode(derive("nonce", salt: salt)) }

    /// 43 characters (RFC 7636 §4.1).
    func codeVerifier(salt: [UInt8]) -> String { Base64URL.encode(derive("pkce", salt: salt)) }

    /// Whether this browser began the sign-in.
    func began(_ state: SignInState) -> Bool { Secret(binding).matches(Secret(state.browser)) }

    private func derive(_ use: String, salt: [UInt8]) -> [UInt8] {
        hmacSHA256(Array("\(use):".utf8) + salt, key: secret)
    }
}
