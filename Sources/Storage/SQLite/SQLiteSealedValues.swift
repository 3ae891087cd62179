package import AuthService
import GRDB

/// SQLite's file, as it is gone through to seal everything under the first key. What was there before is overwritten.
package struct SQLiteSealedValues: SealedValueStore {
    private let database: SQLiteDatabase

    package init(_ database: SQLiteDatabase) { self.database = database }

    package func sealedValues(
        _ kind: SealedKind, from cursor: String?, limit: Int
    ) async throws(StoreFailure) -> SealedPage {
        let (sql, values) = SealedRow.page(kind, after: SealedRow.key(cursor: cursor), limit: limit)
        return try await database.read { db in
            let rows = try Row.fetchAll(db, sql: sql, arguments: StatementArguments(values.map(\.sqlite)))
            return try SealedRow.page(rows, kind, limit: limit)
        }
    }

    package func reseal(_ value: SealedValue, as sealed: [UInt8]) async throws(StoreFailure) -> Bool {
        let (sql, values) = SealedRow.replace(value, with: sealed)
        return try await database.write { db in
            // What lay there in clear must not go on in pages that are free.
            try db.execute(sql: "PRAGMA secure_delete = ON")
            try db.execute(sql: sql, arguments: StatementArguments(values.map(\.sqlite)))
            return db.changesCount == 1
        }
    }

    /// The write-ahead log has the pages as they were; it begins anew. Where somebody reads at this moment it does so later.
    package func forgetWhatWasInClear() async throws(StoreFailure) {
        do {
            try await database.pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
        } catch { throw StoreFailure(detail: "SQLite: \(error)") }
    }
}
