import JOSE

/// The SHA-256 of a credential: what it is known by, so that no cache holds one that could be used.
typealias CredentialDigest = SHA256Bytes

extension SHA256Bytes {
    init(_ text: String) { self.init(hashing: Array(text.utf8).span) }
}
