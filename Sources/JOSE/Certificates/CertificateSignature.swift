import Crypto
import CryptoExtras
import FoundationEssentials

extension Certificate {
    /// Whether `authority` has signed this certificate, by its name and its key (RFC 5280 §6.1.3).
    package func isSigned(by authority: Certificate) -> Bool {
        authority.isAuthority && authority.subject == issuer && !authority.subject.bytes.isEmpty
            && Self.isSigned(signedPart, signature, signatureAlgorithm, by: authority.publicKey)
    }

    // RFC 5758 §3.2, RFC 4055 §5, RFC 8410 §3. SHA-1 is none of them.
    private static let ecdsa: [UInt8] = [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03]
    private static let rsa: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01]
    private static let ed25519: [UInt8] = [0x2B, 0x65, 0x70]

    private static func isSigned(_ message: [UInt8], _ signature: [UInt8], _ algorithm: [UInt8], by key: [UInt8]) -> Bool {
        switch algorithm {
        case ecdsa + [0x02]: isSignedByECDSA(SHA256.hash(data: message), signature, key)
        case ecdsa + [0x03]: isSignedByECDSA(SHA384.hash(data: message), signature, key)
        case ecdsa + [0x04]: isSignedByECDSA(SHA512.hash(data: message), signature, key)
        case rsa + [0x0B]: isSignedByRSA(SHA256.hash(data: message), signature, key)
        case rsa + [0x0C]: isSignedByRSA(SHA384.hash(data: message), signature, key)
        case rsa + [0x0D]: isSignedByRSA(SHA512.hash(data: message), signature, key)
        case ed25519: isSignedByEd25519(message, signature, key)
        default: false
        }
    }

    private static func isSignedByECDSA(_ digest: some Digest, _ signature: [UInt8], _ key: [UInt8]) -> Bool {
        if let key = try? P256.Signing.PublicKey(derRepresentation: key) {
            guard let signature = try? P256.Signing.ECDSASignature(derRepresentation: signature) else { return false }
            return key.isValidSignature(signature, for: digest)
        }
        if let key = try? P384.Signing.PublicKey(derRepresentation: key) {
            guard let signature = try? P384.Signing.ECDSASignature(derRepresentation: signature) else { return false }
            return key.isValidSignature(signature, for: digest)
        }
        return false
    }

    /// - Returns: `false`, too, for a key under 2048 bits, which the library refuses.
    private static func isSignedByRSA(_ digest: some Digest, _ signature: [UInt8], _ key: [UInt8]) -> Bool {
        guard let signer = try? _RSA.Signing.PublicKey(derRepresentation: key) else { return false }
        return signer.isValidSignature(
            _RSA.Signing.RSASignature(rawRepresentation: Data(signature)), for: digest, padding: .insecurePKCS1v1_5)
    }

    private static func isSignedByEd25519(_ message: [UInt8], _ signature: [UInt8], _ key: [UInt8]) -> Bool {
        ed25519Key(key)?.isValidSignature(signature, for: message) ?? false
    }

    static func ed25519Key(_ key: [UInt8]) -> Curve25519.Signing.PublicKey? {
        let prefix: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]
        guard key.count == 44, key.starts(with: prefix) else { return nil }
        return try? Curve25519.Signing.PublicKey(rawRepresentation: key.suffix(32))
    }
}
