package import AuthService
import GRDB
import OpenIDProvider

/// All of a SQLite file.
package struct SQLiteRecordStore: RecordStore {
    private let database: SQLiteDatabase

    package init(_ database: SQLiteDatabase) { self.database = database }

    static let tables = "CREATE TABLE half_copied (id INTEGER PRIMARY KEY CHECK (id = 1));"

    package func state() async throws(StoreFailure) -> StorageState {
        try await database.read { db in
            let all = SQLiteMigrations.all
            let library = try String.fetchOne(db, sql: "SELECT sqlite_version()") ?? ""
            return StorageState(
                engine: "SQLite \(library)", version: try all.appliedIdentifiers(db).count, knownVersion: all.migrations.count)
        }
    }

    package func counts() async throws(StoreFailure) -> [StoredKind: Int] {
        try await database.read { db in
            try StoredKind.allCases.reduce(into: [:]) { counts, kind in
                counts[kind] = try Int.fetchOne(db, sql: "SELECT count(*) FROM \(kind.rawValue)") ?? 0
            }
        }
    }

    package func read(
        _ kind: StoredKind, _ body: (RecordPage) async throws(StoreFailure) -> Void
    ) async throws(StoreFailure) {
        var last: [ColumnValue]?
        repeat {
            let found = try await database.read { [last] db in
                let sql = RowPage.sql(kind, after: last) { _ in "?" }
                return try RowPage(
                    try Row.fetchAll(db, sql: sql, arguments: StatementArguments((last ?? []).map(\.sqlite))), kind)
            }
            try await body(found.page)
            last = found.last
        } while last != nil
    }

    package func write(_ records: [StoredRecord], of kind: StoredKind) async throws(StoreFailure) {
        try await database.write { db in
            for record in records {
                if case .providerSession(let session) = record {
                    try SSOSessionRow.insert(session, db)
                } else {
                    try db.insert(into: kind.rawValue, kind.columns, record.values)
                }
            }
            if let place = DocumentPlace.of(kind) {
                try db.execute(sql: "UPDATE \(place.revisionTable) SET revision = revision + 1")
            }
        }
    }

    package func empty() async throws(StoreFailure) {
        try await database.write { db in
            for kind in StoredKind.allCases.reversed() { try db.execute(sql: "DELETE FROM \(kind.rawValue)") }
        }
    }

    package func isHalfCopied() async throws(StoreFailure) -> Bool {
        try await database.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM half_copied") != 0 }
    }

    package func setHalfCopied(_ isHalfCopied: Bool) async throws(StoreFailure) {
        try await database.write { db in
            try db.execute(sql: isHalfCopied ? "INSERT OR IGNORE INTO half_copied VALUES (1)" : "DELETE FROM half_copied")
        }
    }

    package func faults() async throws(StoreFailure) -> [String] {
        try await database.read { db in
            let found = try String.fetchAll(db, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
            let strays = try Row.fetchAll(db, sql: "PRAGMA foreign_key_check").count
            let accounts = try Int.fetchOne(db, sql: Self.accounts) ?? 0
            return found + (strays == 0 ? [] : ["\(strays) rows belong to one that is not there"])
                + (accounts == 0 ? [] : [SSOSessionRow.accountsDiffer])
        }
    }

    private static let accounts = """
        SELECT (SELECT count(*) FROM sso_accounts) <> (SELECT coalesce(sum(json_array_length(accounts)), 0) FROM sso_sessions)
        """
}

extension SSOSessionRow {
    static let accountsDiffer = "the accounts of the sessions at the provider are not those that lead to them"
}
