import Crypto

/// The SHA-1 digest, 20 bytes: for lists of passwords, which others publish in this form. Protects nothing.
package func sha1(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    Array(Insecure.SHA1.hash(data: Array(bytes)))
}

/// HMAC-SHA-1 over `message`, 20 bytes: for one-time passwords (RFC 4226 §5.3), whose apps know nothing else.
package func hmacSHA1(_ message: some Sequence<UInt8>, key: Secret) -> [UInt8] {
    Array(HMAC<Insecure.SHA1>.authenticationCode(for: Array(message), using: SymmetricKey(data: key.bytes)))
}
