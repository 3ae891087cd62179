import JOSE

/// The browser's half of a sign-in, in one encrypted cookie: 256 random bits from which nonce, code verifier and the binding of
/// `state` are derived (HMAC-SHA-256). One cookie of constant size serves any number of tabs.
struct BrowserSeed: Sendable {
    private let secret: Secret
    private let madeAt: UnixTime

    static let purpose = "sign-in-browser"
    /// Seconds that the cookie lives.
    static let life: Int64 = 2 * SignInState.life

    init(randomness: Randomness, now: UnixTime) {
        secret = Secret(randomness.bytes(32))
        madeAt = now
    }

    /// `nil` for a cookie that is foreign, damaged or too old.
    init?(cookieValue: String, keys: SealingKeys, now: UnixTime) {
        guard cookieValue.utf8.count <= 200, let bytes = keys.open(cookieValue), bytes.count == 40 else { return nil }
        secret = Secret(Array(bytes.prefix(32)))
        madeAt = UnixTime(seconds: bytes.suffix(8).reduce(Int64(0)) { $0 << 8 | Int64($1) })
        guard madeAt <= now, now.since(madeAt) < Self.life else { return nil }
    }

    func cookieValue(keys: SealingKeys) throws -> String {
        let moment = (0..<8).map { UInt8(truncatingIfNeeded: madeAt.seconds >> Int64(56 - 8 * $0)) }
        return try keys.seal(secret.bytes + moment)
    }

    /// Whether a sign-in that begins now would still find the cookie when it ends.
    func isFresh(_ now: UnixTime) -> Bool { now.since(madeAt) < Self.life - SignInState.life }

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
