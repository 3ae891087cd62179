/// What one column of a row holds, in whichever SQL database.
enum ColumnValue: Sendable, Equatable {
    case null
    case integer(Int64)
    case boolean(Bool)
    case text(String)
    case bytes([UInt8])
    /// Many at once, where the database has lists.
    case listOfBytes([[UInt8]])
    case listOfIntegers([Int64])

    static func of(_ text: String?) -> ColumnValue { text.map { .text($0) } ?? .null }
    static func of(_ number: Int64?) -> ColumnValue { number.map { .integer($0) } ?? .null }
    static func of(_ bytes: [UInt8]?) -> ColumnValue { bytes.map { .bytes($0) } ?? .null }
}
