/// Statements of the form that most tables need. Values are numbered in the order of the columns.
enum PostgresSQL {
    static func insert(into table: String, _ columns: [String], _ conflict: String = "") -> String {
        "INSERT INTO \(table) (\(list(columns))) VALUES (\(list(columns.indices.map { "$\($0 + 1)" }))) \(conflict)"
    }

    /// In place of the row with the same `key`, if there is one.
    static func put(into table: String, _ columns: [String], key: String) -> String {
        let news = columns.map { "\($0) = excluded.\($0)" }
        return insert(into: table, columns, "ON CONFLICT (\(key)) DO UPDATE SET \(list(news))")
    }

    /// All these columns of the row whose first column is as said and whose version is the one before: that is the last value.
    static func replace(_ table: String, _ columns: [String]) -> String {
        let assignments = columns.indices.map { "\(columns[$0]) = $\($0 + 1)" }
        return "UPDATE \(table) SET \(list(assignments)) WHERE \(columns.first ?? "") = $1 AND version = $\(columns.count + 1)"
    }

    /// By name: a later version may have added some.
    static func list(_ columns: some Sequence<String>) -> String { columns.joined(separator: ", ") }

    /// At most `$2` rows whose `column` is not after `$1`. What another replica deletes at this moment is left to it.
    static func sweep(_ table: String, key: String, _ column: String = "expires_at") -> String {
        """
        DELETE FROM \(table) WHERE \(key) IN (
            SELECT \(key) FROM \(table) WHERE \(column) <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED)
        """
    }
}

extension ColumnValue {
    /// For `LIMIT`.
    static func limit(_ limit: Int) -> ColumnValue { .integer(Int64(clamping: max(0, limit))) }

    /// The version before this one; NULL, which none is, where there is none.
    static func versionBefore(_ version: Int64) -> ColumnValue {
        let (before, overflow) = version.subtractingReportingOverflow(1)
        return overflow ? .null : .integer(before)
    }

    var isTrue: Bool { self == .boolean(true) }

    var count: Int {
        if case .integer(let number) = self { Int(clamping: number) } else { 0 }
    }
}
