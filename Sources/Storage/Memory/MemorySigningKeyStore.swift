package import JOSE

/// Signing keys in memory. Gone with the process, and with them everything that they signed.
package actor MemorySigningKeyStore: SigningKeyStore {
    private var keys: [StoredSigningKey] = []

    package init() {}

    package func signingKeys(purpose: String) async throws -> [StoredSigningKey] { keys.filter { $0.purpose == purpose } }

    package func addFirstSigningKey(_ key: StoredSigningKey) async throws {
        guard !keys.contains(where: { $0.purpose == key.purpose && $0.algorithm == key.algorithm }) else { return }
        keys.append(key)
    }
}
