import Crypto
import CryptoExtras
package import JOSE

/// A credential's public key as authenticators send it (COSE_Key, RFC 9052 §7): EC P-256 for ES256, Ed25519 for EdDSA, RSA of at least
/// 2048 bits for RS256; nothing else (WebAuthn §5.8.5).
package struct COSEKey: Sendable {
    /// Bound to its algorithm for good.
    package let algorithm: COSEAlgorithm
    package let key: PublicKey

    /// COSE's labels (RFC 9053 §7.1, RFC 8230 §4). The same number means another thing for each kind of key.
    private enum Label {
        static let kind: Int64 = 1
        static let algorithm: Int64 = 3
        static let curve: Int64 = -1
        static let x: Int64 = -2
        static let y: Int64 = -3
        static let modulus: Int64 = -1
        static let exponent: Int64 = -2
    }

    /// `nil` for bytes that are no such key.
    package init?(bytes: some Collection<UInt8>) {
        guard let members = (try? CBORReader.read(bytes))?.map else { return nil }
        self.init(members: members)
    }

    init?(members: CBORMap) {
        guard let algorithm = members[Label.algorithm]?.integer.flatMap(COSEAlgorithm.init(rawValue:)),
            let key = Self.key(members, for: algorithm)
        else { return nil }
        self.algorithm = algorithm
        self.key = key
    }

    private static func key(_ members: CBORMap, for algorithm: COSEAlgorithm) -> PublicKey? {
        switch (algorithm, members[Label.kind]?.integer) {
        case (.es256, 2): p256(members)
        case (.edDSA, 1): ed25519(members)
        case (.rs256, 3): rsa(members)
        default: nil
        }
    }

    private static func p256(_ members: CBORMap) -> PublicKey? {
        // A compressed point has a bool for y, which §5.8.5 forbids.
        guard members[Label.curve]?.integer == 1, let x = members[Label.x]?.bytes, let y = members[Label.y]?.bytes,
            x.count == 32, y.count == 32
        else { return nil }
        return (try? P256.Signing.PublicKey(rawRepresentation: x + y)).map { .p256($0) }
    }

    private static func ed25519(_ members: CBORMap) -> PublicKey? {
        guard members[Label.curve]?.integer == 6, let x = members[Label.x]?.bytes, x.count == 32 else { return nil }
        return (try? Curve25519.Signing.PublicKey(rawRepresentation: x)).map { .ed25519($0) }
    }

    private static func rsa(_ members: CBORMap) -> PublicKey? {
        // Bounded as the keys of key sets are: a huge number costs whoever verifies with it, each time.
        guard let modulus = members[Label.modulus]?.bytes, let exponent = members[Label.exponent]?.bytes,
            (256...1024).contains(modulus.count), modulus.first != 0, (1...8).contains(exponent.count)
        else { return nil }
        return (try? _RSA.Signing.PublicKey(n: modulus, e: exponent)).map { .rsa($0) }
    }

    /// Whether `signature`, in the form of §6.5.5, is this key's over `message`.
    package func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        key.verifies(signature, of: message, as: algorithm)
    }
}

extension PublicKey {
    /// ECDSA's signatures are DER here, where tokens have the two numbers as they are (§6.5.5).
    func verifies(_ signature: [UInt8], of message: [UInt8], as algorithm: COSEAlgorithm) -> Bool {
        guard case .es256 = algorithm else {
            return verifies(signature, of: message, algorithm: algorithm.signatureAlgorithm)
        }
        guard let parsed = try? P256.Signing.ECDSASignature(derRepresentation: signature) else { return false }
        return verifies(Array(parsed.rawRepresentation), of: message, algorithm: .es256)
    }
}
