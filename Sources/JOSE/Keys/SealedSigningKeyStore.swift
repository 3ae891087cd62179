/// Signing keys that are sealed in the store. Keys of before that lie there in clear, that an older secret has sealed, or that are not
/// tied to their record yet, are sealed anew when they are read.
package struct SealedSigningKeyStore: SigningKeyStore {
    /// Sealed keys, and nothing that opens them. That ends the start: new keys in their place would make all that was signed worthless.
    package struct Unopened: Error, CustomStringConvertible {
        package let description =
            "the signing keys in the storage are encrypted, and no secret of `storage.secrets` or `storage.keySecrets` opens them"
    }

    private let store: any SigningKeyStore
    private let sealing: StoreSealing
    /// Opens what is sealed and tied to no record. The version before has nothing else: so that the two can be side by side, such is
    /// written where there are secrets for signing keys alone.
    private let former: SealingKeys?

    private static let mark = Array(RecordKeys.mark.utf8)

    /// - Parameter former: secrets for signing keys alone; the first seals where the storage has no keys.
    package init(_ store: any SigningKeyStore, former: [Secret], sealing: StoreSealing) {
        self.store = store
        self.sealing = sealing
        self.former = former.isEmpty ? nil : SealingKeys(secrets: former, purpose: "signing-keys")
    }

    package func signingKeys(purpose: String) async throws -> [StoredSigningKey] {
        var opened: [StoredSigningKey] = []
        for key in try await store.signingKeys(purpose: purpose) {
            guard let (material, isNewest) = try open(key) else { continue }
            if !isNewest { try await replaceMaterial(of: key, with: material) }
            opened.append(key.with(material))
        }
        return opened
    }

    package func addFirstSigningKey(_ key: StoredSigningKey) async throws {
        try await store.addFirstSigningKey(key.with(try seal(key.material, of: key)))
    }

    package func addSigningKey(_ key: StoredSigningKey, after newest: UnixTime) async throws -> Bool {
        try await store.addSigningKey(key.with(try seal(key.material, of: key)), after: newest)
    }

    package func removeSigningKeys(
        purpose: String, algorithm: SignatureAlgorithm, madeBefore: UnixTime
    ) async throws -> Int {
        try await store.removeSigningKeys(purpose: purpose, algorithm: algorithm, madeBefore: madeBefore)
    }

    package func replaceMaterial(of key: StoredSigningKey, with material: Secret) async throws {
        try await store.replaceMaterial(of: key, with: try seal(material, of: key))
    }

    /// Why a key that the store holds does not count; `nil`: it does. Writes nothing.
    package func refusal(of key: StoredSigningKey) -> StoreSealing.Reason? {
        do { return try open(key) == nil ? .inClear : nil } catch { return .noKey }
    }

    private func seal(_ material: Secret, of key: StoredSigningKey) throws -> Secret {
        if let keys = sealing.keys { return Secret(utf8: RecordKeys.text(try keys.seal(material.bytes, of: key.recordName))) }
        guard let former else { return material }
        return Secret(utf8: RecordKeys.mark + (try former.seal(material.bytes)))
    }

    /// `nil` for a key in clear that does not count.
    private func open(_ key: StoredSigningKey) throws -> (material: Secret, isNewest: Bool)? {
        let bytes = key.material.bytes
        guard bytes.starts(with: Self.mark) else {
            guard sealing.takesUnsealed else { return sealing.refuse("signing-key", .inClear) }
            return (key.material, sealing.keys == nil && former == nil)
        }
        let text = String(decoding: bytes, as: UTF8.self)
        if let opened = RecordKeys.sealed(inText: text).flatMap({ sealing.keys?.open($0, of: key.recordName) }) {
            return (Secret(opened.value), opened.isNewest)
        }
        guard sealing.takesUnsealed, let opened = former?.open(text.dropFirst(Self.mark.count)) else { throw Unopened() }
        return (Secret(opened), sealing.keys == nil)
    }
}

extension StoredSigningKey {
    fileprivate func with(_ material: Secret) -> StoredSigningKey {
        StoredSigningKey(purpose: purpose, algorithm: algorithm, material: material, createdAt: createdAt)
    }

    fileprivate var recordName: RecordName {
        RecordName("signing-key", id: Array("\(purpose) \(algorithm.rawValue) \(createdAt.seconds)".utf8))
    }
}
