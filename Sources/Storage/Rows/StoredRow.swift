import AuthService
import JOSE

/// A row as a query brought it, whatever the database. A column that is missing or holds something else throws: a damaged row is
/// one that cannot be read, and never one that says something else.
protocol StoredRow {
    func value(_ column: String) throws -> ColumnValue
}

extension StoredRow {
    func possibleText(_ column: String) throws -> String? {
        switch try value(column) {
        case .null: nil
        case .text(let text): text
        case .integer, .boolean, .bytes, .listOfBytes, .listOfIntegers: throw damaged(column)
        }
    }

    func possibleInteger(_ column: String) throws -> Int64? {
        switch try value(column) {
        case .null: nil
        case .integer(let number): number
        case .text, .boolean, .bytes, .listOfBytes, .listOfIntegers: throw damaged(column)
        }
    }

    func possibleBytes(_ column: String) throws -> [UInt8]? {
        switch try value(column) {
        case .null: nil
        case .bytes(let bytes): bytes
        case .text, .boolean, .integer, .listOfBytes, .listOfIntegers: throw damaged(column)
        }
    }

    /// SQLite keeps these as 0 and 1.
    func flag(_ column: String) throws -> Bool {
        switch try value(column) {
        case .boolean(let flag): flag
        case .integer(let number): number != 0
        case .null, .text, .bytes, .listOfBytes, .listOfIntegers: throw damaged(column)
        }
    }

    func text(_ column: String) throws -> String { try given(possibleText(column), column) }
    func integer(_ column: String) throws -> Int64 { try given(possibleInteger(column), column) }
    func bytes(_ column: String) throws -> [UInt8] { try given(possibleBytes(column), column) }
    func moment(_ column: String) throws -> UnixTime { UnixTime(seconds: try integer(column)) }
    func possibleMoment(_ column: String) throws -> UnixTime? { try possibleInteger(column).map { UnixTime(seconds: $0) } }
    func possibleSecret(_ column: String) throws -> Secret? { try possibleText(column).map { Secret(utf8: $0) } }

    private func given<Value>(_ value: Value?, _ column: String) throws -> Value {
        guard let value else { throw damaged(column) }
        return value
    }

    func damaged(_ column: String) -> StoreFailure {
        StoreFailure(detail: "a row's column \(column) is damaged", isOfOneRecord: true)
    }
}
