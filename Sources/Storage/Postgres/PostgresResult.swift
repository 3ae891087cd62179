import CPostgres

/// What a statement has brought.
struct PostgresResult {
    let rows: [PostgresRow]
    /// How many rows it has written or deleted.
    let changed: Int
    /// Which statement it was, in the server's words: `COMMIT`, or `ROLLBACK` where a commit was none.
    let tag: String

    static let empty = PostgresResult(rows: [], changed: 0, tag: "")

    private init(rows: [PostgresRow], changed: Int, tag: String) {
        self.rows = rows
        self.changed = changed
        self.tag = tag
    }

    init(_ result: OpaquePointer) throws {
        let width = PQnfields(result)
        var columns: [String: Int] = [:]
        for column in 0..<width { columns[String(cString: PQfname(result, column))] = Int(column) }
        let rows = try (0..<PQntuples(result)).map { row in
            PostgresRow(
                columns: columns, values: try (0..<width).map { column in try ColumnValue(result, row: row, column: column) })
        }
        self.init(
            rows: rows, changed: Int(String(cString: PQcmdTuples(result))) ?? 0, tag: String(cString: PQcmdStatus(result)))
    }
}

struct PostgresRow: StoredRow {
    fileprivate let columns: [String: Int]
    fileprivate let values: [ColumnValue]

    func value(_ column: String) throws -> ColumnValue {
        guard let index = columns[column] else { throw damaged(column) }
        return values[index]
    }

    /// The only column of a query for one value.
    var only: ColumnValue { values.first ?? .null }
}

extension PostgresFailure {
    init(_ result: OpaquePointer) {
        func field(_ code: Character) -> String {
            PQresultErrorField(result, Int32(code.asciiValue ?? 0)).map { String(cString: $0) } ?? ""
        }
        self.init(code: field("C"), message: field("M"))
    }
}

// Postgres' binary forms: whole numbers big-endian, texts and bytes as they are.
extension ColumnValue {
    /// By the type of the column; what none of ours has is refused.
    fileprivate init(_ result: OpaquePointer, row: Int32, column: Int32) throws {
        guard PQgetisnull(result, row, column) == 0, let start = PQgetvalue(result, row, column) else {
            self = .null
            return
        }
        let bytes = UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(result, row, column)))
        switch PQftype(result, column) {
        case 16: self = .boolean(bytes.first != 0)
        case 17: self = .bytes([UInt8](bytes))
        case 20, 21, 23: self = .integer(Self.integer(bytes))
        case 25, 19, 1042, 1043: self = .text(String(decoding: bytes, as: UTF8.self))
        // What a function returns that returns nothing.
        case 2278: self = .null
        case let type: throw PostgresFailure(code: "0A000", message: "a column has the type \(type)")
        }
    }

    private static func integer(_ bytes: UnsafeRawBufferPointer) -> Int64 {
        var number: Int64 = bytes.first.map { $0 >= 0x80 ? -1 : 0 } ?? 0
        for byte in bytes { number = number << 8 | Int64(byte) }
        return number
    }

    /// `nil`: NULL.
    var postgres: [UInt8]? {
        switch self {
        case .null: nil
        case .integer(let number): Self.bigEndian(number)
        case .boolean(let flag): [flag ? 1 : 0]
        case .text(let text): Array(text.utf8)
        case .bytes(let bytes): bytes
        case .listOfBytes(let list): Self.list(list, type: 17)
        case .listOfIntegers(let list): Self.list(list.map { Self.bigEndian($0) }, type: 20)
        }
    }

    /// One dimension, no NULL in it, counted from 1; each element behind its length.
    private static func list(_ elements: [[UInt8]], type: Int32) -> [UInt8] {
        let head: [Int32] = elements.isEmpty ? [0, 0, type] : [1, 0, type, Int32(clamping: elements.count), 1]
        return elements.reduce(into: head.flatMap { bigEndian($0) }) { bytes, element in
            bytes += bigEndian(Int32(clamping: element.count))
            bytes += element
        }
    }

    private static func bigEndian(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { [UInt8]($0) }
    }
}
