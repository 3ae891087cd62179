import Crypto
import FoundationEssentials

/// Seals values that we hand out and take back (cookies, state): AES-256-GCM under keys derived (HKDF-SHA256) from the
/// configured secrets. The first secret seals, all of them open. Every value is bound to its purpose: what was sealed as one
/// kind never opens as another.
package struct SealingKeys: Sendable {
    private let secrets: [Secret]
    private let keys: [SymmetricKey]
    private let purpose: [UInt8]

    private static let version: UInt8 = 1
    private static let nonceLength = 12
    private static let tagLength = 16

    /// - Parameter secrets: at least one, of at least 32 bytes each (the configuration has checked it).
    package init(secrets: [Secret], purpose: String) {
        self.secrets = secrets
        self.purpose = Array(purpose.utf8)
        keys = secrets.map { secret in
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: SymmetricKey(data: secret.bytes), info: Array("gatehouse/seal/\(purpose)".utf8),
                outputByteCount: 32)
        }
    }

    /// The same secrets for another purpose.
    package func forPurpose(_ purpose: String) -> SealingKeys { SealingKeys(secrets: secrets, purpose: purpose) }

    /// - Returns: base64url of: version, nonce (12 bytes, random), ciphertext, tag (16 bytes).
    package func seal(_ plaintext: [UInt8]) throws -> String {
        guard let key = keys.first else { throw CryptoKitError.incorrectKeySize }
        let box = try AES.GCM.seal(plaintext, using: key, authenticating: purpose)
        return Base64URL.encode([Self.version] + [UInt8](box.nonce) + [UInt8](box.ciphertext) + [UInt8](box.tag))
    }

    /// A code (HMAC-SHA-256, base64url) that only these keys make for this message and purpose. Under the first secret only: when it
    /// changes, codes given out before no longer fit.
    package func authenticate(_ message: [UInt8]) -> String {
        guard let key = keys.first else { return "" }
        return Base64URL.encode(Array(HMAC<SHA256>.authenticationCode(for: purpose + message, using: key)))
    }

    /// `nil` for whatever these keys did not seal for this purpose.
    package func open(_ sealed: some StringProtocol) -> [UInt8]? {
        guard let bytes = Base64URL.decode(sealed), bytes.first == Self.version,
            bytes.count >= 1 + Self.nonceLength + Self.tagLength,
            let box = try? AES.GCM.SealedBox(combined: bytes.dropFirst())
        else { return nil }
        for key in keys {
            if let plaintext = try? AES.GCM.open(box, using: key, authenticating: purpose) { return [UInt8](plaintext) }
        }
        return nil
    }
}
