import AuthService
import FoundationEssentials
import GRDB
import JOSE
package import OpenIDProvider

/// Second factors in SQLite. A write is on disk when it returns.
package struct SQLiteSecondFactorStore: SecondFactorStore {
    private let database: SQLiteProviderDatabase

    package init(_ database: SQLiteDatabase) { self.database = SQLiteProviderDatabase(database) }

    /// SQLite takes NULLs for different: a credential id is unique where there is one, and else the kind is in the account.
    static let tables = """
        CREATE TABLE second_factors (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            connector TEXT NOT NULL,
            user_id TEXT NOT NULL,
            subject TEXT NOT NULL,
            kind TEXT NOT NULL,
            label TEXT NOT NULL,
            sealed TEXT NOT NULL,
            details TEXT NOT NULL,
            credential_id BLOB UNIQUE,
            counter INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            last_used_at INTEGER,
            version INTEGER NOT NULL
        );
        CREATE INDEX second_factors_account ON second_factors (connector, user_id);
        CREATE INDEX second_factors_subject ON second_factors (subject);
        CREATE UNIQUE INDEX second_factors_kind ON second_factors (connector, user_id, kind) WHERE credential_id IS NULL;
        """

    package func secondFactors(of account: SecondFactorAccount) async throws(ProviderStoreFailure) -> [SecondFactor] {
        try await database.read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM second_factors WHERE connector = ? AND user_id = ? ORDER BY number",
                arguments: [account.connectorID, account.userID]
            ).map { try SecondFactorRow.read($0) }
        }
    }

    package func secondFactors(ofSubject subject: String) async throws(ProviderStoreFailure) -> [SecondFactor] {
        try await database.read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM second_factors WHERE subject = ? ORDER BY number", arguments: [subject]
            ).map { try SecondFactorRow.read($0) }
        }
    }

    package func secondFactor(credentialID: [UInt8]) async throws(ProviderStoreFailure) -> SecondFactor? {
        try await database.read { db in
            try db.row(from: "second_factors", SecondFactorRow.columns, where: "credential_id = ?", [Data(credentialID)]).map {
                try SecondFactorRow.read($0)
            }
        }
    }

    package func hasSecondFactor(
        _ kind: SecondFactor.Kind, ofConnector connectorID: String
    ) async throws(ProviderStoreFailure) -> Bool {
        try await database.read { db in
            try Row.fetchOne(
                db, sql: "SELECT 1 FROM second_factors WHERE connector = ? AND kind = ? LIMIT 1",
                arguments: [connectorID, kind.rawValue]) != nil
        }
    }

    package func add(_ factors: [SecondFactor]) async throws(ProviderStoreFailure) -> Bool {
        try await database.write { db in
            do {
                try db.inSavepoint {
                    for factor in factors {
                        try db.insert(into: "second_factors", SecondFactorRow.columns, SecondFactorRow.values(factor))
                    }
                    return .commit
                }
                return true
            } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
                return false
            }
        }
    }

    package func replace(_ factor: SecondFactor) async throws(ProviderStoreFailure) -> Bool {
        try await database.write { db in
            try db.update(
                "second_factors", SecondFactorRow.columns, SecondFactorRow.values(factor), whereFirstIs: .of(factor.id),
                versionBefore: factor.version)
        }
    }

    package func removeSecondFactor(id: String) async throws(ProviderStoreFailure) -> Bool {
        try await database.write { db in
            try db.change("DELETE FROM second_factors WHERE id = ?", [id]) == 1
        }
    }

    package func removeSecondFactors(of account: SecondFactorAccount) async throws(ProviderStoreFailure) -> Int {
        try await database.write { db in
            try db.change(
                "DELETE FROM second_factors WHERE connector = ? AND user_id = ?", [account.connectorID, account.userID])
        }
    }
}
