import Crypto
import FoundationEssentials

/// Which record of a storage a sealed value belongs to: in another's place it does not open.
package struct RecordName: Sendable, Equatable {
    package let kind: String
    package let id: [UInt8]

    package init(_ kind: String, id: [UInt8]) {
        self.kind = kind
        self.id = id
    }

    /// Both, so that neither runs into the other.
    fileprivate var bytes: [UInt8] { Array("\(kind.utf8.count):\(kind)".utf8) + id }
}

/// Seals what lies in a storage and has to be read back: AES-256-GCM under keys derived (HKDF-SHA256) from the configured secrets.
/// The first secret seals, all of them open. Every record has a key of its own, so that random nonces never run out, and its name is
/// authenticated (RFC 5116 §2.1: associated data).
package struct RecordKeys: Sendable {
    /// - Parameter isNewest: whether the first secret has sealed it.
    package typealias Opened = (value: [UInt8], isNewest: Bool)

    private struct Key: Sendable {
        /// 4 bytes.
        let id: [UInt8]
        let root: SymmetricKey

        init(_ secret: Secret) {
            let code = HKDF<SHA256>.extract(
                inputKeyMaterial: SymmetricKey(data: secret.bytes), salt: Array("gatehouse/records".utf8))
            root = SymmetricKey(data: Array(code))
            id = Self.bytes(HKDF<SHA256>.expand(pseudoRandomKey: root, info: Array("id".utf8), outputByteCount: 4))
        }

        func key(of name: RecordName) -> SymmetricKey {
            HKDF<SHA256>.expand(pseudoRandomKey: root, info: Array("record ".utf8) + name.bytes, outputByteCount: 32)
        }

        private static func bytes(_ key: SymmetricKey) -> [UInt8] { key.withUnsafeBytes { [UInt8]($0) } }
    }

    private let keys: [Key]

    /// 1 is how `SealingKeys` begins.
    private static let version: UInt8 = 2
    private static let headerLength = 5
    private static let nonceLength = 12
    private static let tagLength = 16

    /// - Parameter secrets: of at least 32 bytes each (the configuration has checked it). `nil` where there are none.
    package init?(secrets: [Secret]) {
        guard !secrets.isEmpty else { return nil }
        keys = secrets.map(Key.init)
    }

    /// Whether something may lie in the storage that the first secret does not open.
    package var areSeveral: Bool { keys.count > 1 }

    /// - Returns: version, the key's id (4 bytes), nonce (12 bytes, random), ciphertext, tag (16 bytes).
    package func seal(_ value: [UInt8], of name: RecordName) throws -> [UInt8] {
        guard let key = keys.first else { throw CryptoKitError.incorrectKeySize }
        let header = [Self.version] + key.id
        let box = try AES.GCM.seal(value, using: key.key(of: name), authenticating: header + name.bytes)
        return header + [UInt8](box.nonce) + [UInt8](box.ciphertext) + [UInt8](box.tag)
    }

    /// `nil` for whatever these keys did not seal for this record.
    package func open(_ sealed: [UInt8], of name: RecordName) -> Opened? {
        guard let header = Self.header(sealed),
            let box = try? AES.GCM.SealedBox(combined: sealed.dropFirst(Self.headerLength))
        else { return nil }
        for (index, key) in keys.enumerated() where header == [Self.version] + key.id {
            let opened = try? AES.GCM.open(box, using: key.key(of: name), authenticating: header + name.bytes)
            if let opened { return ([UInt8](opened), index == 0) }
        }
        return nil
    }

    /// Whether the first key has sealed it, as it says itself.
    package func isNewest(_ sealed: [UInt8]) -> Bool {
        guard let first = keys.first, let header = Self.header(sealed) else { return false }
        return header == [Self.version] + first.id
    }

    private static func header(_ sealed: [UInt8]) -> [UInt8]? {
        guard sealed.first == version, sealed.count >= headerLength + nonceLength + tagLength else { return nil }
        return Array(sealed.prefix(headerLength))
    }
}

extension RecordKeys {
    /// How a sealed value begins where it stands in the place of a text.
    package static let mark = "sealed:"

    package func sealedText(_ value: some StringProtocol, of name: RecordName) throws -> String {
        Self.text(try seal(Array(value.utf8), of: name))
    }

    package static func text(_ sealed: [UInt8]) -> String { mark + Base64URL.encode(sealed) }

    /// `nil` for a text that is not sealed; empty for one that is, and damaged.
    package static func sealed(inText text: String) -> [UInt8]? {
        guard text.utf8.starts(with: mark.utf8) else { return nil }
        return Base64URL.decode(text.dropFirst(mark.count)) ?? []
    }
}
