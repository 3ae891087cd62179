package import AuthService

/// A schema in a Postgres, as it is gone through to seal everything under the first key.
package struct PostgresSealedValues: SealedValueStore {
    private let database: PostgresDatabase

    package init(_ database: PostgresDatabase) { self.database = database }

    package func sealedValues(
        _ kind: SealedKind, from cursor: String?, limit: Int
    ) async throws(StoreFailure) -> SealedPage {
        let (sql, values) = SealedRow.page(kind, after: SealedRow.key(cursor: cursor), limit: limit)
        let rows = try await database.rows(PostgresSQL.numbered(sql), values)
        do { return try SealedRow.page(rows, kind, limit: limit) } catch {
            throw error as? StoreFailure ?? StoreFailure(detail: "\(error)", isOfOneRecord: true)
        }
    }

    package func reseal(_ value: SealedValue, as sealed: [UInt8]) async throws(StoreFailure) -> Bool {
        let (sql, values) = SealedRow.replace(value, with: sealed)
        return try await database.change(PostgresSQL.numbered(sql), values) == 1
    }
}

extension PostgresSQL {
    /// `?`, as other databases have values, as `$1`, `$2` …
    static func numbered(_ sql: String) -> String {
        var number = 0
        return sql.map { character in
            guard character == "?" else { return String(character) }
            number += 1
            return "$\(number)"
        }.joined()
    }
}
