/// A signing key as a store keeps it.
package struct StoredSigningKey: Sendable {
    /// What the key is for: `provider`, `assertion`. Keys of one purpose never sign for another.
    package let purpose: String
    package let algorithm: SignatureAlgorithm
    package let material: Secret
    package let createdAt: UnixTime

    package init(purpose: String, algorithm: SignatureAlgorithm, material: Secret, createdAt: UnixTime) {
        self.purpose = purpose
        self.algorithm = algorithm
        self.material = material
        self.createdAt = createdAt
    }
}

/// Where signing keys live: all replicas that share a store sign with the same keys.
package protocol SigningKeyStore: Sendable {
    /// Every key of a purpose, oldest first.
    func signingKeys(purpose: String) async throws -> [StoredSigningKey]
    /// Adds `key` unless the purpose has one of that algorithm already: of two replicas that start at once, one adds.
    func addFirstSigningKey(_ key: StoredSigningKey) async throws
    /// Adds `key` unless the purpose has one of that algorithm that was made after `newest`: of two replicas that rotate at once, one
    /// adds.
    /// - Returns: whether it was added.
    func addSigningKey(_ key: StoredSigningKey, after newest: UnixTime) async throws -> Bool
    /// Deletes the keys of a purpose and algorithm that were made before a moment.
    /// - Returns: how many there were.
    func removeSigningKeys(purpose: String, algorithm: SignatureAlgorithm, madeBefore: UnixTime) async throws -> Int
    /// Writes other bytes for the same key: those that its encryption makes of it.
    func replaceMaterial(of key: StoredSigningKey, with material: Secret) async throws
}

/// The signing keys of one purpose, one for each algorithm, ready to use.
package struct SigningKeyring: Sendable {
    /// Every key that verifies what we signed.
    package let published: JSONWebKeySet
    /// The same as a document (RFC 7517 §5), written once for all who ask.
    package let document: [UInt8]
    private let keys: [SigningKey]

    package init(keys: [SigningKey]) { self.init(keys: keys, signing: keys) }

    /// - Parameter signing: which of `keys` sign; the others only verify.
    init(keys: [SigningKey], signing: [SigningKey]) {
        self.keys = signing
        published = JSONWebKeySet(keys: keys.map(\.published))
        document = published.json.jsonBytes
    }

    /// The newest key that signs under `algorithm`.
    package func key(_ algorithm: SignatureAlgorithm) -> SigningKey? { keys.last { $0.algorithm == algorithm } }

    /// Loads the keys of `purpose`; algorithms that have none yet get a new one first.
    package static func load(
        purpose: String, algorithms: [SignatureAlgorithm], from store: any SigningKeyStore, clock: WallClock
    ) async throws -> SigningKeyring {
        var stored = try await store.signingKeys(purpose: purpose)
        let missing = algorithms.filter { algorithm in !stored.contains { $0.algorithm == algorithm } }
        for algorithm in missing {
            let material = try SigningKey.generate(algorithm).stored
            try await store.addFirstSigningKey(
                StoredSigningKey(purpose: purpose, algorithm: algorithm, material: material, createdAt: clock.now))
        }
        if !missing.isEmpty { stored = try await store.signingKeys(purpose: purpose) }
        return SigningKeyring(keys: try stored.map { try SigningKey(stored: $0.material, algorithm: $0.algorithm) })
    }
}
