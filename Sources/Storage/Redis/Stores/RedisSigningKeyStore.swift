import AuthService
package import JOSE

/// Signing keys in Redis: whoever can read it can sign, unless they are encrypted (`storage.secrets`, `storage.keySecrets`).
package struct RedisSigningKeyStore: SigningKeyStore {
    private let database: RedisDatabase

    package init(_ database: RedisDatabase) { self.database = database }

    package func signingKeys(purpose: String) async throws -> [StoredSigningKey] {
        let reply = try await database.command(.read, ["HGETALL", database.key("keys:\(purpose)")])
        guard let list = reply.list else { throw RedisDatabase.odd }
        let pairs = stride(from: 0, to: list.count - 1, by: 2).map { (list[$0], list[$0 + 1]) }
        return try pairs.compactMap { try Self.key(purpose, $0, $1) }.sorted { $0.number < $1.number }.map(\.key)
    }

    /// `nil` for an algorithm that this version does not know: a newer one may share the store.
    static func key(
        _ purpose: String, _ field: RESPValue, _ value: RESPValue
    ) throws -> (number: Int64, key: StoredSigningKey)? {
        let parts = (field.text ?? "").split(separator: " ")
        guard parts.count == 3, let number = Int64(parts[0]), let madeAt = Int64(parts[2]), let bytes = value.bytes else {
            throw StoreFailure(detail: "a signing key's record is damaged")
        }
        guard let algorithm = SignatureAlgorithm(rawValue: String(parts[1])) else { return nil }
        guard var body = try? RecordReader(bytes), let material = try? body.secret() else {
            throw StoreFailure(detail: "a signing key's record is damaged")
        }
        let key = StoredSigningKey(
            purpose: purpose, algorithm: algorithm, material: material, createdAt: UnixTime(seconds: madeAt))
        return (number, key)
    }

    package func addFirstSigningKey(_ key: StoredSigningKey) async throws {
        _ = try await database.run(.addKey, Self.name(key) + [Self.bytes(key.material), ""])
    }

    package func addSigningKey(_ key: StoredSigningKey, after newest: UnixTime) async throws -> Bool {
        try await database.count(.addKey, Self.name(key) + [Self.bytes(key.material), .number(newest.seconds)]) == 1
    }

    package func removeSigningKeys(
        purpose: String, algorithm: SignatureAlgorithm, madeBefore: UnixTime
    ) async throws -> Int {
        try await database.count(
            .removeKeys, [.text(purpose), .text(algorithm.rawValue), .number(madeBefore.seconds)])
    }

    package func replaceMaterial(of key: StoredSigningKey, with material: Secret) async throws {
        _ = try await database.run(.replaceKey, Self.name(key) + [Self.bytes(material)])
    }

    static func name(_ key: StoredSigningKey) -> [RedisArgument] {
        [.text(key.purpose), .text(key.algorithm.rawValue), .number(key.createdAt.seconds)]
    }

    static func bytes(_ material: Secret) -> RedisArgument {
        var body = RecordWriter()
        body.write(material)
        return .bytes(body.bytes)
    }
}
