import AuthService
import FoundationEssentials
import GRDB
package import JOSE
import OpenIDConnect
package import OpenIDProvider

/// What the provider keeps for minutes, in SQLite. A write is on disk when it returns.
package struct SQLiteTransientStore: TransientStore {
    private let database: SQLiteProviderDatabase

    package init(_ database: SQLiteDatabase) { self.database = SQLiteProviderDatabase(database) }

    static let tables = """
        CREATE TABLE devices (
            key BLOB PRIMARY KEY NOT NULL,
            user_code BLOB UNIQUE NOT NULL,
            client TEXT NOT NULL,
            scope TEXT NOT NULL,
            expires_at INTEGER NOT NULL,
            interval INTEGER NOT NULL,
            asked_at INTEGER,
            state TEXT NOT NULL,
            grant_id TEXT,
            version INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX devices_expires_at ON devices (expires_at);
        CREATE TABLE pushed_requests (
            key BLOB PRIMARY KEY NOT NULL,
            client TEXT NOT NULL,
            parameters TEXT NOT NULL,
            expires_at INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX pushed_requests_expires_at ON pushed_requests (expires_at);
        CREATE TABLE names_taken (
            name BLOB PRIMARY KEY NOT NULL,
            expires_at INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX names_taken_expires_at ON names_taken (expires_at);
        """

    package func create(_ device: DeviceRecord, limit: Int) async throws(ProviderStoreFailure) -> Bool {
        try await database.write { db in
            guard try Int.fetchOne(db, sql: "SELECT count(*) FROM devices") ?? 0 < limit else { return false }
            return try DeviceRow.insert(device, db)
        }
    }

    package func device(_ key: SecretDigest) async throws(ProviderStoreFailure) -> DeviceRecord? {
        try await database.read { db in
            try db.row(from: "devices", DeviceRow.columns, where: "key = ?", [Data(key.bytes)]).map { try DeviceRow.read($0) }
        }
    }

    package func device(userCode: SecretDigest) async throws(ProviderStoreFailure) -> DeviceRecord? {
        try await database.read { db in
            try db.row(from: "devices", DeviceRow.columns, where: "user_code = ?", [Data(userCode.bytes)]).map {
                try DeviceRow.read($0)
            }
        }
    }

    package func replace(_ device: DeviceRecord) async throws(ProviderStoreFailure) -> Bool {
        try await database.write { db in try DeviceRow.replace(device, db) }
    }

    package func push(_ request: PushedRequestRecord, limit: Int) async throws(ProviderStoreFailure) -> Bool {
        try await database.write { db in
            guard try Int.fetchOne(db, sql: "SELECT count(*) FROM pushed_requests") ?? 0 < limit else { return false }
            return try db.insert(
                "INSERT OR IGNORE", into: "pushed_requests", PushedRequestRow.columns, PushedRequestRow.values(request)) == 1
        }
    }

    package func takePushedRequest(_ key: SecretDigest) async throws(ProviderStoreFailure) -> PushedRequestRecord? {
        try await database.write { db in
            try Row.fetchOne(
                db, sql: "DELETE FROM pushed_requests WHERE key = ? RETURNING *", arguments: [Data(key.bytes)]
            ).map { try PushedRequestRow.read($0) }
        }
    }

    package func takeOnce(_ name: SecretDigest, until: UnixTime) async throws(ProviderStoreFailure) -> Bool {
        try await database.write { db in
            try db.insert(
                "INSERT OR IGNORE", into: "names_taken", ["name", "expires_at"], [.of(name.bytes), .of(until.seconds)]) == 1
        }
    }

    package func isTaken(_ name: SecretDigest) async throws(ProviderStoreFailure) -> Bool {
        try await database.read { db in
            try db.row(from: "names_taken", ["1"], where: "name = ?", [Data(name.bytes)]) != nil
        }
    }

    package func sweep(expiredAt: UnixTime, limit: Int) async throws(ProviderStoreFailure) -> Int {
        try await database.write { db in
            var count = 0
            for (table, key) in [("devices", "key"), ("pushed_requests", "key"), ("names_taken", "name")] {
                try db.execute(
                    sql: "DELETE FROM \(table) WHERE \(key) IN (SELECT \(key) FROM \(table) WHERE expires_at <= ? LIMIT ?)",
                    arguments: [expiredAt.seconds, limit])
                count += db.changesCount
            }
            return count
        }
    }
}
