package import JOSE

/// The SHA-256 of a session id.
package struct SessionKey: Sendable, Hashable {
    package let hash: SHA256Bytes

    /// - Parameter digest: 32 bytes.
    package init(digest: [UInt8]) { hash = SHA256Bytes(digest) }

    init(words: (UInt64, UInt64, UInt64, UInt64)) { hash = SHA256Bytes(words: words) }

    init(of id: SessionID) { hash = SHA256Bytes(hashing: id.secret.bytes.span) }

    /// - Parameter cookieValue: what may be an id, as `SessionID` would take it.
    init(hashing cookieValue: Span<UInt8>) { hash = SHA256Bytes(hashing: cookieValue) }

    package var digest: [UInt8] { hash.bytes }

    /// A short name for people and the administration's API, 16 hexadecimal digits. No cookie can be made of it.
    package var handle: String { digest.prefix(Self.handleLength).map { Self.hexadecimal($0) }.joined() }

    static let handleLength = 8

    private static func hexadecimal(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }
}

/// A session id: 256 random bits as base64url, 43 characters; the session cookie's value.
struct SessionID: Sendable {
    static let characters = 43

    let secret: Secret

    init(randomness: Randomness) { secret = Secret(utf8: randomness.token(32)) }

    /// Whether this could be an id of ours: nothing is looked up for what never was one.
    static func isWellFormed(_ cookieValue: String) -> Bool {
        cookieValue.utf8.count == characters && Base64URL.decode(cookieValue)?.count == 32
    }
}
