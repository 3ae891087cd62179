/// Signing keys that are encrypted in the store (AES-256-GCM). Keys that lie there in clear are taken, and encrypted.
package struct SealedSigningKeyStore: SigningKeyStore {
    /// Encrypted keys, and nothing that opens them.
    package struct Unopened: Error, CustomStringConvertible {
        package let description =
            "the signing keys in the storage are encrypted, and no secret of `storage.keySecrets` opens them"
    }

    private let store: any SigningKeyStore
    /// `nil`: nothing is encrypted.
    private let keys: SealingKeys?

    private static let mark = Array("sealed:".utf8)

    package init(_ store: any SigningKeyStore, keys: SealingKeys?) {
        self.store = store
        self.keys = keys?.forPurpose("signing-keys")
    }

    package func signingKeys(purpose: String) async throws -> [StoredSigningKey] {
        var opened: [StoredSigningKey] = []
        for key in try await store.signingKeys(purpose: purpose) {
            if let bytes = try open(key.material) {
                opened.append(key.with(Secret(bytes)))
            } else {
                if keys != nil { try await store.replaceMaterial(of: key, with: try seal(key.material)) }
                opened.append(key)
            }
        }
        return opened
    }

    package func addFirstSigningKey(_ key: StoredSigningKey) async throws {
        try await store.addFirstSigningKey(key.with(try seal(key.material)))
    }

    package func addSigningKey(_ key: StoredSigningKey, after newest: UnixTime) async throws -> Bool {
        try await store.addSigningKey(key.with(try seal(key.material)), after: newest)
    }

    package func removeSigningKeys(
        purpose: String, algorithm: SignatureAlgorithm, madeBefore: UnixTime
    ) async throws -> Int {
        try await store.removeSigningKeys(purpose: purpose, algorithm: algorithm, madeBefore: madeBefore)
    }

    package func replaceMaterial(of key: StoredSigningKey, with material: Secret) async throws {
        try await store.replaceMaterial(of: key, with: try seal(material))
    }

    private func seal(_ material: Secret) throws -> Secret {
        guard let keys else { return material }
        return Secret(Self.mark + Array(try keys.seal(material.bytes).utf8))
    }

    /// `nil` for a key in clear.
    private func open(_ material: Secret) throws -> [UInt8]? {
        guard material.bytes.starts(with: Self.mark) else { return nil }
        let sealed = String(decoding: material.bytes.dropFirst(Self.mark.count), as: UTF8.self)
        guard let bytes = keys?.open(sealed) else { throw Unopened() }
        return bytes
    }
}

extension StoredSigningKey {
    fileprivate func with(_ material: Secret) -> StoredSigningKey {
        StoredSigningKey(purpose: purpose, algorithm: algorithm, material: material, createdAt: createdAt)
    }
}
