package import OpenIDProvider

/// Second factors in Postgres.
package struct PostgresSecondFactorStore: SecondFactorStore {
    private let database: PostgresProviderDatabase

    package init(_ database: PostgresDatabase) { self.database = PostgresProviderDatabase(database) }

    /// NULLs are different from one another: a credential id is unique where there is one, and else the kind is in the account.
    static let tables = """
        CREATE TABLE second_factors (
            number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            connector TEXT NOT NULL,
            user_id TEXT NOT NULL,
            subject TEXT NOT NULL,
            kind TEXT NOT NULL,
            label TEXT NOT NULL,
            sealed TEXT NOT NULL,
            details TEXT NOT NULL,
            credential_id BYTEA UNIQUE,
            counter BIGINT NOT NULL,
            created_at BIGINT NOT NULL,
            last_used_at BIGINT,
            version BIGINT NOT NULL
        );
        CREATE INDEX second_factors_account ON second_factors (connector, user_id);
        CREATE INDEX second_factors_subject ON second_factors (subject);
        CREATE UNIQUE INDEX second_factors_kind ON second_factors (connector, user_id, kind) WHERE credential_id IS NULL;
        """

    private static let selection = "SELECT \(PostgresSQL.list(SecondFactorRow.columns)) FROM second_factors"

    package func secondFactors(of account: SecondFactorAccount) async throws(ProviderStoreFailure) -> [SecondFactor] {
        try await database.all(
            "\(Self.selection) WHERE connector = $1 AND user_id = $2 ORDER BY number",
            [.of(account.connectorID), .of(account.userID)]
        ) { try SecondFactorRow.read($0) }
    }

    package func secondFactors(ofSubject subject: String) async throws(ProviderStoreFailure) -> [SecondFactor] {
        try await database.all("\(Self.selection) WHERE subject = $1 ORDER BY number", [.of(subject)]) {
            try SecondFactorRow.read($0)
        }
    }

    package func secondFactor(credentialID: [UInt8]) async throws(ProviderStoreFailure) -> SecondFactor? {
        try await database.one("\(Self.selection) WHERE credential_id = $1", [.of(credentialID)]) { try SecondFactorRow.read($0) }
    }

    package func hasSecondFactor(
        _ kind: SecondFactor.Kind, ofConnector connectorID: String
    ) async throws(ProviderStoreFailure) -> Bool {
        let found = try await database.all(
            "SELECT id FROM second_factors WHERE connector = $1 AND kind = $2 LIMIT 1", [.of(connectorID), .of(kind.rawValue)]
        ) { try $0.text("id") }
        return !found.isEmpty
    }

    package func add(_ factors: [SecondFactor]) async throws(ProviderStoreFailure) -> Bool {
        try await database.transaction { db in
            for (index, factor) in factors.enumerated() {
                let written = try db.change(
                    PostgresSQL.insert(into: "second_factors", SecondFactorRow.columns, "ON CONFLICT DO NOTHING"),
                    SecondFactorRow.values(factor))
                guard written == 1 else {
                    // All or none.
                    for earlier in factors.prefix(index) {
                        try db.change("DELETE FROM second_factors WHERE id = $1", [.of(earlier.id)])
                    }
                    return false
                }
            }
            return true
        }
    }

    package func replace(_ factor: SecondFactor) async throws(ProviderStoreFailure) -> Bool {
        try await database.change(
            PostgresSQL.replace("second_factors", SecondFactorRow.columns),
            SecondFactorRow.values(factor) + [.versionBefore(factor.version)]) == 1
    }

    package func removeSecondFactor(id: String) async throws(ProviderStoreFailure) -> Bool {
        try await database.change("DELETE FROM second_factors WHERE id = $1", [.of(id)]) == 1
    }

    package func removeSecondFactors(of account: SecondFactorAccount) async throws(ProviderStoreFailure) -> Int {
        try await database.change(
            "DELETE FROM second_factors WHERE connector = $1 AND user_id = $2", [.of(account.connectorID), .of(account.userID)])
    }
}
