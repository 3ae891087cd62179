import Crypto
import CryptoExtras
import FoundationEssentials

extension SigningKey {
    /// Reads a private key from PEM: PKCS #8, or the older forms of EC and RSA keys; not encrypted.
    /// - Parameter algorithm: `nil`: ES256 for P-256, RS256 for RSA, EdDSA for Ed25519. Has to fit the kind of key.
    package init(pem: Secret, algorithm: SignatureAlgorithm? = nil) throws(Damaged) {
        let text = pem.text
        if let key = try? P256.Signing.PrivateKey(pemRepresentation: text), algorithm ?? .es256 == .es256 {
            try self.init(stored: Secret([UInt8](key.derRepresentation)), algorithm: .es256)
        } else if let key = try? _RSA.Signing.PrivateKey(pemRepresentation: text), [nil, .rs256, .ps256].contains(algorithm) {
            try self.init(stored: Secret([UInt8](key.derRepresentation)), algorithm: algorithm ?? .rs256)
        } else if let seed = Self.ed25519Seed(text), algorithm ?? .edDSA == .edDSA {
            try self.init(stored: Secret(seed), algorithm: .edDSA)
        } else {
            throw Damaged()
        }
    }

    /// What stands before the 32 bytes of the key in PKCS #8 (RFC 8410 §7).
    private static let ed25519Prefix: [UInt8] = [
        0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
    ]

    private static func ed25519Seed(_ pem: String) -> [UInt8]? {
        let lines = pem.utf8.split { $0 == 0x0A || $0 == 0x0D }.map { String(decoding: $0, as: UTF8.self) }
        guard lines.first == "-----BEGIN PRIVATE KEY-----", lines.last == "-----END PRIVATE KEY-----",
            let der = Data(base64Encoded: lines.dropFirst().dropLast().joined()), der.count == ed25519Prefix.count + 32,
            der.starts(with: ed25519Prefix)
        else { return nil }
        return Array(der.suffix(32))
    }
}
