import Crypto
import CryptoExtras
import Foundation
import WebAuthn

/// A key pair of a credential or of a certificate.
struct TestKey: Sendable {
    let algorithm: COSEAlgorithm
    let cose: [(Int64, CBORValue)]
    /// The `SubjectPublicKeyInfo`.
    let der: [UInt8]
    let sign: @Sendable ([UInt8]) throws -> [UInt8]

    static let p256 = p256(P256.Signing.PrivateKey())
    static let otherP256 = p256(P256.Signing.PrivateKey())
    static let ed25519 = ed25519(Curve25519.Signing.PrivateKey())
    /// `nil` where no key could be made.
    static let rsa = (try? _RSA.Signing.PrivateKey(keySize: .bits2048)).flatMap(rsa)

    static func of(_ algorithm: COSEAlgorithm) throws -> TestKey {
        switch algorithm {
        case .es256: return p256
        case .edDSA: return ed25519
        case .rs256:
            guard let rsa else { throw CocoaError(.featureUnsupported) }
            return rsa
        }
    }

    private static func p256(_ key: P256.Signing.PrivateKey) -> TestKey {
        let point = [UInt8](key.publicKey.rawRepresentation)
        return TestKey(
            algorithm: .es256,
            cose: [
                (1, CBORValue(2)), (3, CBORValue(-7)), (-1, CBORValue(1)), (-2, .bytes(Array(point.prefix(32)))),
                (-3, .bytes(Array(point.suffix(32)))),
            ], der: [UInt8](key.publicKey.derRepresentation)
        ) { [UInt8](try key.signature(for: $0).derRepresentation) }
    }

    private static func ed25519(_ key: Curve25519.Signing.PrivateKey) -> TestKey {
        let point = [UInt8](key.publicKey.rawRepresentation)
        return TestKey(
            algorithm: .edDSA,
            cose: [(1, CBORValue(1)), (3, CBORValue(-8)), (-1, CBORValue(6)), (-2, .bytes(point))],
            der: [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00] + point
        ) { [UInt8](try key.signature(for: $0)) }
    }

    private static func rsa(_ key: _RSA.Signing.PrivateKey) -> TestKey? {
        guard let numbers = try? key.publicKey.getKeyPrimitives() else { return nil }
        return TestKey(
            algorithm: .rs256,
            cose: [
                (1, CBORValue(3)), (3, CBORValue(-257)), (-1, .bytes([UInt8](numbers.modulus))),
                (-2, .bytes([UInt8](numbers.publicExponent))),
            ], der: [UInt8](key.publicKey.derRepresentation)
        ) { [UInt8](try key.signature(for: $0, padding: .insecurePKCS1v1_5).rawRepresentation) }
    }

    func coseBytes(_ change: (inout [(Int64, CBORValue)]) -> Void = { _ in }) -> [UInt8] {
        var members = cose
        change(&members)
        return CBORValue.map(CBORMap(members.map { CBORMap.Entry(CBORValue($0.0), $0.1) })).encoded
    }
}
