package import JOSE

/// Signing keys in memory. Gone with the process, and with them everything that they signed.
package actor MemorySigningKeyStore: SigningKeyStore {
    private var keys: [StoredSigningKey] = []

    package init() {}

    package func signingKeys(purpose: String) async throws -> [StoredSigningKey] { keys.filter { $0.purpose == purpose } }

    package func addFirstSigningKey(_ key: StoredSigningKey) async throws {
        try RecordLimit.check(SigningKeyRow.values(key))
        guard !keys.contains(where: { $0.purpose == key.purpose && $0.algorithm == key.algorithm }) else { return }
        keys.append(key)
    }

    package func addSigningKey(_ key: StoredSigningKey, after newest: UnixTime) async throws -> Bool {
        try RecordLimit.check(SigningKeyRow.values(key))
        let isLate = keys.contains {
            $0.purpose == key.purpose && $0.algorithm == key.algorithm && $0.createdAt > newest
        }
        if !isLate { keys.append(key) }
        return !isLate
    }

    package func removeSigningKeys(
        purpose: String, algorithm: SignatureAlgorithm, madeBefore: UnixTime
    ) async throws -> Int {
        let count = keys.count
        keys.removeAll { $0.purpose == purpose && $0.algorithm == algorithm && $0.createdAt < madeBefore }
        return count - keys.count
    }

    package func replaceMaterial(of key: StoredSigningKey, with material: Secret) async throws {
        try RecordLimit.check([.of(material.bytes)])
        for (index, stored) in keys.enumerated()
        where stored.purpose == key.purpose && stored.algorithm == key.algorithm && stored.createdAt == key.createdAt {
            keys[index] = StoredSigningKey(
                purpose: stored.purpose, algorithm: stored.algorithm, material: material, createdAt: stored.createdAt)
        }
    }
}
