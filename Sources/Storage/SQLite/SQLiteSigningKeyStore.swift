import AuthService
import FoundationEssentials
import GRDB
package import JOSE

/// Signing keys in SQLite, in the file that only its owner can read.
package struct SQLiteSigningKeyStore: SigningKeyStore {
    private let database: SQLiteDatabase

    package init(_ database: SQLiteDatabase) { self.database = database }

    package func signingKeys(purpose: String) async throws -> [StoredSigningKey] {
        try await database.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM signing_keys WHERE purpose = ? ORDER BY id", arguments: [purpose])
                .compactMap(Self.key)
        }
    }

    /// `nil` for an algorithm that this version does not know: a newer one may share the file.
    private static func key(_ row: Row) -> StoredSigningKey? {
        guard let algorithm = SignatureAlgorithm(rawValue: row["algorithm"]) else { return nil }
        let material: Data = row["material"]
        return StoredSigningKey(
            purpose: row["purpose"], algorithm: algorithm, material: Secret([UInt8](material)),
            createdAt: UnixTime(seconds: row["created_at"]))
    }

    package func addFirstSigningKey(_ key: StoredSigningKey) async throws {
        try await database.write { db in
            try db.execute(
                sql: """
                    INSERT INTO signing_keys (purpose, algorithm, material, created_at)
                    SELECT :purpose, :algorithm, :material, :created
                    WHERE NOT EXISTS (SELECT 1 FROM signing_keys WHERE purpose = :purpose AND algorithm = :algorithm)
                    """,
                arguments: [
                    "purpose": key.purpose, "algorithm": key.algorithm.rawValue, "material": Data(key.material.bytes),
                    "created": key.createdAt.seconds,
                ])
        }
    }
}
