package import Crypto
package import CryptoExtras
import FoundationEssentials

/// A key to verify signatures with: EC P-256, RSA of at least 2048 bits, or Ed25519.
package enum PublicKey: Sendable {
    case p256(P256.Signing.PublicKey)
    case rsa(_RSA.Signing.PublicKey)
    case ed25519(Curve25519.Signing.PublicKey)

    /// The algorithms that this kind of key can verify: a key never serves an algorithm of another kind.
    package var algorithms: [SignatureAlgorithm] {
        switch self {
        case .p256: [.es256]
        case .rsa: [.rs256, .ps256]
        case .ed25519: [.edDSA]
        }
    }

    /// Whether `signature` is this key's under `algorithm` over `message`.
    package func verifies(_ signature: [UInt8], of message: [UInt8], algorithm: SignatureAlgorithm) -> Bool {
        switch (self, algorithm) {
        case (.p256(let key), .es256):
            guard let signature = try? P256.Signing.ECDSASignature(rawRepresentation: signature) else { return false }
            return key.isValidSignature(signature, for: message)
        case (.rsa(let key), .rs256):
            return key.isValidSignature(
                _RSA.Signing.RSASignature(rawRepresentation: Data(signature)), for: message, padding: .insecurePKCS1v1_5)
        case (.rsa(let key), .ps256):
            return key.isValidSignature(
                _RSA.Signing.RSASignature(rawRepresentation: Data(signature)), for: message, padding: .PSS)
        case (.ed25519(let key), .edDSA): return key.isValidSignature(signature, for: message)
        default: return false
        }
    }

    /// The members that make the key (RFC 7518 §6, RFC 8037 §2), in the order of its thumbprint (RFC 7638 §3.2).
    package var members: JSONObject {
        switch self {
        case .p256(let key):
            let point = [UInt8](key.rawRepresentation)
            return JSONObject([
                ("crv", "P-256"), ("kty", "EC"), ("x", .string(Base64URL.encode(point.prefix(32)))),
                ("y", .string(Base64URL.encode(point.suffix(32)))),
            ])
        case .rsa(let key):
            guard let numbers = try? key.getKeyPrimitives() else { return JSONObject([("kty", "RSA")]) }
            return JSONObject([
                ("e", .string(Base64URL.encode(numbers.publicExponent))), ("kty", "RSA"),
                ("n", .string(Base64URL.encode(numbers.modulus))),
            ])
        case .ed25519(let key):
            return JSONObject([
                ("crv", "Ed25519"), ("kty", "OKP"), ("x", .string(Base64URL.encode([UInt8](key.rawRepresentation)))),
            ])
        }
    }

    /// The key's SHA-256 thumbprint (RFC 7638) as base64url: our own keys' `kid`.
    package var thumbprint: String {
        Base64URL.encode(Array(SHA256.hash(data: JSONValue.object(members).jsonBytes)))
    }
}
