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
                .compactMap { try SigningKeyRow.read($0) }
        }
    }

    package func addFirstSigningKey(_ key: StoredSigningKey) async throws {
        try await database.write { db in
            try RecordLimit.check(SigningKeyRow.values(key))
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

    package func addSigningKey(_ key: StoredSigningKey, after newest: UnixTime) async throws -> Bool {
        try await database.write { db in
            try RecordLimit.check(SigningKeyRow.values(key))
            return try db.change(
                """
                INSERT INTO signing_keys (purpose, algorithm, material, created_at)
                SELECT :purpose, :algorithm, :material, :created
                WHERE NOT EXISTS (
                    SELECT 1 FROM signing_keys WHERE purpose = :purpose AND algorithm = :algorithm AND created_at > :newest
                )
                """,
                [
                    "purpose": key.purpose, "algorithm": key.algorithm.rawValue, "material": Data(key.material.bytes),
                    "created": key.createdAt.seconds, "newest": newest.seconds,
                ]) == 1
        }
    }

    package func removeSigningKeys(
        purpose: String, algorithm: SignatureAlgorithm, madeBefore: UnixTime
    ) async throws -> Int {
        try await database.write { db in
            try db.change(
                "DELETE FROM signing_keys WHERE purpose = ? AND algorithm = ? AND created_at < ?",
                [purpose, algorithm.rawValue, madeBefore.seconds])
        }
    }

    package func replaceMaterial(of key: StoredSigningKey, with material: Secret) async throws {
        try await database.write { db in
            try RecordLimit.check([.of(material.bytes)])
            try db.execute(
                sql: "UPDATE signing_keys SET material = ? WHERE purpose = ? AND algorithm = ? AND created_at = ?",
                arguments: [Data(material.bytes), key.purpose, key.algorithm.rawValue, key.createdAt.seconds])
        }
    }
}
