package import JOSE
package import OpenIDProvider

/// What the provider keeps for minutes, in Postgres.
///
/// The limits keep the tables from growing without end. Requests that come at the same moment do not wait for each other to be
/// counted, so that there may be a few more.
package struct PostgresTransientStore: TransientStore {
    private let database: PostgresProviderDatabase

    package init(_ database: PostgresDatabase) { self.database = PostgresProviderDatabase(database) }

    static let tables = """
        CREATE TABLE devices (
            key BYTEA PRIMARY KEY,
            user_code BYTEA UNIQUE NOT NULL,
            client TEXT NOT NULL,
            scope TEXT NOT NULL,
            expires_at BIGINT NOT NULL,
            interval BIGINT NOT NULL,
            asked_at BIGINT,
            state TEXT NOT NULL,
            grant_id TEXT,
            version BIGINT NOT NULL
        );
        CREATE INDEX devices_expires_at ON devices (expires_at);
        CREATE TABLE pushed_requests (
            key BYTEA PRIMARY KEY,
            client TEXT NOT NULL,
            parameters TEXT NOT NULL,
            expires_at BIGINT NOT NULL
        );
        CREATE INDEX pushed_requests_expires_at ON pushed_requests (expires_at);
        CREATE TABLE names_taken (name BYTEA PRIMARY KEY, expires_at BIGINT NOT NULL);
        CREATE INDEX names_taken_expires_at ON names_taken (expires_at);
        """

    private static let columns = PostgresSQL.list(DeviceRow.columns)

    package func create(_ device: DeviceRecord, limit: Int) async throws(ProviderStoreFailure) -> Bool {
        try await insert(into: "devices", DeviceRow.columns, DeviceRow.values(device), limit: limit)
    }

    private func insert(
        into table: String, _ columns: [String], _ values: [ColumnValue], limit: Int
    ) async throws(ProviderStoreFailure) -> Bool {
        try await database.transaction { db in
            let counted = try db.rows("SELECT count(*) FROM (SELECT 1 FROM \(table) LIMIT $1) AS found", [.limit(limit)])
            guard let count = counted.first?.only.count, count < limit else { return false }
            return try db.change(PostgresSQL.insert(into: table, columns, "ON CONFLICT DO NOTHING"), values) == 1
        }
    }

    package func device(_ key: SecretDigest) async throws(ProviderStoreFailure) -> DeviceRecord? {
        try await database.one("SELECT \(Self.columns) FROM devices WHERE key = $1", [.of(key.bytes)]) { try DeviceRow.read($0) }
    }

    package func device(userCode: SecretDigest) async throws(ProviderStoreFailure) -> DeviceRecord? {
        try await database.one("SELECT \(Self.columns) FROM devices WHERE user_code = $1", [.of(userCode.bytes)]) {
            try DeviceRow.read($0)
        }
    }

    package func replace(_ device: DeviceRecord) async throws(ProviderStoreFailure) -> Bool {
        try await database.change(
            PostgresSQL.replace("devices", DeviceRow.columns), DeviceRow.values(device) + [.versionBefore(device.version)]) == 1
    }

    package func push(_ request: PushedRequestRecord, limit: Int) async throws(ProviderStoreFailure) -> Bool {
        try await insert(into: "pushed_requests", PushedRequestRow.columns, PushedRequestRow.values(request), limit: limit)
    }

    package func takePushedRequest(_ key: SecretDigest) async throws(ProviderStoreFailure) -> PushedRequestRecord? {
        try await database.transaction { db in
            try db.rows(
                "DELETE FROM pushed_requests WHERE key = $1 RETURNING \(PostgresSQL.list(PushedRequestRow.columns))",
                [.of(key.bytes)]
            ).first.map { try PushedRequestRow.read($0) }
        }
    }

    package func takeOnce(_ name: SecretDigest, until: UnixTime) async throws(ProviderStoreFailure) -> Bool {
        try await database.change(
            "INSERT INTO names_taken (name, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            [.of(name.bytes), .of(until.seconds)]) == 1
    }

    package func isTaken(_ name: SecretDigest) async throws(ProviderStoreFailure) -> Bool {
        try await database.one("SELECT EXISTS (SELECT 1 FROM names_taken WHERE name = $1)", [.of(name.bytes)]) {
            $0.only.isTrue
        } ?? true
    }

    package func sweep(expiredAt: UnixTime, limit: Int) async throws(ProviderStoreFailure) -> Int {
        var count = 0
        for (table, key) in [("devices", "key"), ("pushed_requests", "key"), ("names_taken", "name"), ("bounded_tries", "name")] {
            count += try await database.change(
                PostgresSQL.sweep(table, key: key), [.of(expiredAt.seconds), .limit(limit)])
        }
        return count
    }
}
