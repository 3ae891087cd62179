import JOSE

/// The SHA-256 of a session id, 32 bytes.
package struct SessionKey: Sendable, Hashable {
    package let digest: [UInt8]

    package init(digest: [UInt8]) { self.digest = digest }

    init(of id: SessionID) { digest = sha256(id.secret.bytes) }
}

/// A session id: 256 random bits as base64url, 43 characters; the session cookie's value.
struct SessionID: Sendable {
    let secret: Secret

    init(randomness: Randomness) { secret = Secret(utf8: randomness.token(32)) }

    /// `nil` for what never was an id of ours: nothing is looked up for it.
    init?(cookieValue: String) {
        guard cookieValue.utf8.count == 43, Base64URL.decode(cookieValue)?.count == 32 else { return nil }
        secret = Secret(utf8: cookieValue)
    }
}
