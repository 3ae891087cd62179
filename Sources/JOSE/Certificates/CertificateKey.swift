import Crypto
import CryptoExtras

extension Certificate {
    /// The key that it certifies; `nil` for a kind that we verify nothing else with than certificates, and for RSA under 2048 bits.
    package var key: PublicKey? {
        if let key = try? P256.Signing.PublicKey(derRepresentation: publicKey) { return .p256(key) }
        if let key = try? _RSA.Signing.PublicKey(derRepresentation: publicKey) { return .rsa(key) }
        return Self.ed25519Key(publicKey).map { .ed25519($0) }
    }
}
