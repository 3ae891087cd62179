import FoundationEssentials
import GRDB

extension Row: StoredRow {
    func value(_ column: String) throws -> ColumnValue {
        guard hasColumn(column) else { throw damaged(column) }
        let value: DatabaseValue = self[column]
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

extension Database {
    /// - Parameter verb: `INSERT`, or with what happens to a row that is there already.
    /// - Returns: how many rows were written.
    @discardableResult
    func insert(
        _ verb: String = "INSERT", into table: String, _ columns: [String], _ values: [ColumnValue]
    ) throws -> Int {
        try RecordLimit.check(values)
        let marks = columns.map { _ in "?" }.joined(separator: ", ")
        try execute(
            sql: "\(verb) INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(marks))",
            arguments: StatementArguments(values.map(\.sqlite)))
        return changesCount
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
        try execute(
            sql: "UPDATE \(table) SET \(assignments) WHERE \(first) = ? AND version = ?",
            arguments: StatementArguments(values.map(\.sqlite) + [key.sqlite, expected.databaseValue]))
        return changesCount == 1
    }
}
