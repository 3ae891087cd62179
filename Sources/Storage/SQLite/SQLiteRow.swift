import FoundationEssentials
import GRDB

extension Row: StoredRow {
    func value(_ column: String) throws -> ColumnValue {
        // One look for the column is enough, but where there is nothing.
        guard let value: DatabaseValue = self[column] else {
            if hasColumn(column) { return .null }
            throw damaged(column)
        }
        switch value.storage {
        case .null: return .null
        case .int64(let number): return .integer(number)
        case .string(let text): return .text(text)
        case .blob(let data): return .bytes([UInt8](data))
        case .double: throw damaged(column)
        }
    }
}

extension ColumnValue {
    var sqlite: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let number): number.databaseValue
        case .boolean(let flag): flag.databaseValue
        case .text(let text): text.databaseValue
        case .bytes(let bytes): Data(bytes).databaseValue
        // SQLite has no lists.
        case .listOfBytes, .listOfIntegers: .null
        }
    }
}

// Statements that are asked for with every request are prepared once for each connection: that costs more than to run them. They
// name their columns, and so mean the same if another program of a newer version has changed the tables meanwhile.
extension Database {
    /// The first row that there is.
    func row(
        from table: String, _ columns: [String], where condition: String, _ arguments: StatementArguments
    ) throws -> Row? {
        try Row.fetchOne(
            cachedStatement(sql: "SELECT \(columns.joined(separator: ", ")) FROM \(table) WHERE \(condition)"),
            arguments: arguments)
    }

    /// - Returns: how many rows were written.
    @discardableResult
    func change(_ sql: String, _ arguments: StatementArguments) throws -> Int {
        try cachedStatement(sql: sql).execute(arguments: arguments)
        return changesCount
    }

    /// - Parameter verb: `INSERT`, or with what happens to a row that is there already.
    /// - Returns: how many rows were written.
    @discardableResult
    func insert(
        _ verb: String = "INSERT", into table: String, _ columns: [String], _ values: [ColumnValue]
    ) throws -> Int {
        try RecordLimit.check(values)
        let marks = columns.map { _ in "?" }.joined(separator: ", ")
        return try change(
            "\(verb) INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(marks))",
            StatementArguments(values.map(\.sqlite)))
    }

    /// Writes all these columns of the one row whose first column and version are as said.
    /// - Returns: whether there was such a row.
    func update(
        _ table: String, _ columns: [String], _ values: [ColumnValue], whereFirstIs key: ColumnValue, versionBefore version: Int64
    ) throws -> Bool {
        let (expected, overflow) = version.subtractingReportingOverflow(1)
        guard !overflow, let first = columns.first else { return false }
        try RecordLimit.check(values)
        let assignments = columns.map { "\($0) = ?" }.joined(separator: ", ")
        return try change(
            "UPDATE \(table) SET \(assignments) WHERE \(first) = ? AND version = ?",
            StatementArguments(values.map(\.sqlite) + [key.sqlite, expected.databaseValue])) == 1
    }
}
