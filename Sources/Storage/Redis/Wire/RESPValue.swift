/// A value of Redis' protocol (RESP2).
package enum RESPValue: Sendable, Equatable {
    /// `+OK`
    case status(String)
    /// `-CODE what is wrong`
    case error(String)
    case integer(Int64)
    case bytes([UInt8])
    case list([RESPValue])
    case null

    var integer: Int64? { if case .integer(let number) = self { number } else { nil } }
    var bytes: [UInt8]? { if case .bytes(let bytes) = self { bytes } else { nil } }
    var list: [RESPValue]? { if case .list(let values) = self { values } else { nil } }

    /// `nil` for what is no UTF-8.
    var text: String? {
        switch self {
        case .bytes(let bytes): String(validating: bytes, as: UTF8.self)
        case .status(let text): text
        case .error, .integer, .list, .null: nil
        }
    }

    /// A score or a number in a hash's field: Redis hands them out as text.
    var number: Int64? {
        switch self {
        case .integer(let number): number
        case .bytes: text.flatMap { Int64($0) }
        case .status, .error, .list, .null: nil
        }
    }
}

/// One part of a command.
enum RedisArgument: Sendable, ExpressibleByStringLiteral {
    case text(String)
    case bytes([UInt8])
    case number(Int64)

    init(stringLiteral value: String) { self = .text(value) }

    var size: Int {
        switch self {
        case .text(let text): text.utf8.count
        case .bytes(let bytes): bytes.count
        case .number: 0
        }
    }

    /// A number, or nothing at all.
    static func possible(_ number: Int64?) -> RedisArgument { number.map { .number($0) } ?? .bytes([]) }
}
