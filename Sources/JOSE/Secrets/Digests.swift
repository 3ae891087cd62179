import Crypto

/// The SHA-256 digest, 32 bytes.
package func sha256(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    Array(SHA256.hash(data: Array(bytes)))
}

/// HMAC-SHA-256 over `message`, 32 bytes: for values that only we can make (confirmations, derived state).
package func hmacSHA256(_ message: some Sequence<UInt8>, key: Secret) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: Array(message), using: SymmetricKey(data: key.bytes)))
}

/// The SHA-512 digest, 64 bytes.
package func sha512(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    Array(SHA512.hash(data: Array(bytes)))
}
