import AuthService

/// A connection for the time of one call.
struct PostgresSession {
    let connection: PostgresConnection
    let deadline: Deadline

    func rows(_ sql: String, _ values: [ColumnValue] = []) throws -> [PostgresRow] {
        try connection.run(sql, values, deadline).rows
    }

    @discardableResult
    func change(_ sql: String, _ values: [ColumnValue] = []) throws -> Int {
        try RecordLimit.check(values)
        return try connection.run(sql, values, deadline).changed
    }

    func transaction<Value>(_ body: (PostgresSession) throws -> Value) throws -> Value {
        try connection.script("BEGIN", deadline)
        let value: Value
        do { value = try body(self) } catch {
            // Where the connection is gone, so is the transaction.
            try? connection.script("ROLLBACK", deadline)
            throw error
        }
        guard try connection.run("COMMIT", [], deadline).tag == "COMMIT" else {
            throw StoreFailure(detail: "Postgres has undone a transaction")
        }
        return value
    }
}
