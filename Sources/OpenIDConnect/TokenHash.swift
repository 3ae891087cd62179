package import JOSE

/// The `at_hash` and `c_hash` of an ID token (OpenID Connect Core §3.1.3.6, §3.3.2.11).
package enum TokenHash {
    /// base64url of the left half of the token's or code's digest, by the hash of the algorithm that signs the ID token.
    package static func of(_ secret: Secret, algorithm: SignatureAlgorithm) -> String {
        let digest: [UInt8] =
            switch algorithm {
            case .es256, .rs256, .ps256: sha256(secret.bytes)
            // Ed25519 hashes with SHA-512 itself (RFC 8032 §5.1).
            case .edDSA: sha512(secret.bytes)
            }
        return Base64URL.encode(digest.prefix(digest.count / 2))
    }
}
