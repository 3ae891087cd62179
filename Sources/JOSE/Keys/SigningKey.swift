import Crypto
import CryptoExtras
import FoundationEssentials

/// A private key that signs under one algorithm. Its `kid` is the thumbprint of its public key (RFC 7638).
package struct SigningKey: Sendable {
    private enum Material: Sendable {
        case p256(P256.Signing.PrivateKey)
        case rsa(_RSA.Signing.PrivateKey)
        case ed25519(Curve25519.Signing.PrivateKey)
    }

    package struct Damaged: Error {}

    private let material: Material
    package let algorithm: SignatureAlgorithm
    /// The key to publish.
    package let published: JSONWebKey

    package var id: String { published.id ?? "" }

    private init(material: Material, algorithm: SignatureAlgorithm) {
        let key: PublicKey =
            switch material {
            case .p256(let key): .p256(key.publicKey)
            case .rsa(let key): .rsa(key.publicKey)
            case .ed25519(let key): .ed25519(key.publicKey)
            }
        self.material = material
        self.algorithm = algorithm
        self.published = JSONWebKey(id: key.thumbprint, algorithm: algorithm, key: key)
    }

    /// A new key from the system's generator. RSA keys have 2048 bits.
    package static func generate(_ algorithm: SignatureAlgorithm) throws -> SigningKey {
        switch algorithm {
        case .es256: SigningKey(material: .p256(P256.Signing.PrivateKey()), algorithm: algorithm)
        case .rs256, .ps256: SigningKey(material: .rsa(try _RSA.Signing.PrivateKey(keySize: .bits2048)), algorithm: algorithm)
        case .edDSA: SigningKey(material: .ed25519(Curve25519.Signing.PrivateKey()), algorithm: algorithm)
        }
    }

    /// Reads what `stored` gave: DER for P-256 and RSA, the raw 32 bytes for Ed25519.
    package init(stored: Secret, algorithm: SignatureAlgorithm) throws(Damaged) {
        do {
            switch algorithm {
            case .es256: self.init(material: .p256(try .init(derRepresentation: stored.bytes)), algorithm: algorithm)
            case .rs256, .ps256: self.init(material: .rsa(try .init(derRepresentation: stored.bytes)), algorithm: algorithm)
            case .edDSA: self.init(material: .ed25519(try .init(rawRepresentation: stored.bytes)), algorithm: algorithm)
            }
        } catch { throw Damaged() }
    }

    /// The private key as bytes, for a store.
    package var stored: Secret {
        switch material {
        case .p256(let key): Secret([UInt8](key.derRepresentation))
        case .rsa(let key): Secret([UInt8](key.derRepresentation))
        case .ed25519(let key): Secret([UInt8](key.rawRepresentation))
        }
    }

    /// The signature in the form of RFC 7518 §3 (for ECDSA: r and s, 32 bytes each).
    package func sign(_ message: [UInt8]) throws -> [UInt8] {
        switch material {
        case .p256(let key): [UInt8](try key.signature(for: message).rawRepresentation)
        case .rsa(let key):
            [UInt8](
                try key.signature(for: message, padding: algorithm == .ps256 ? .PSS : .insecurePKCS1v1_5).rawRepresentation)
        case .ed25519(let key): [UInt8](try key.signature(for: message))
        }
    }
}
