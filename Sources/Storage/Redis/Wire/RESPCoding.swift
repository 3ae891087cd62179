package import NIOCore

/// Reads RESP2 values, with bounds on everything that a server could make too much of.
package struct RESPDecoder: NIOSingleStepByteToMessageDecoder {
    package typealias InboundOut = RESPValue

    package struct Malformed: Error {}

    package init() {}

    /// Bytes of one reply.
    static let longestReply = 64 << 20
    private static let longestLine = 64 << 10
    private static let mostElements = 1 << 20
    private static let deepest = 8

    package mutating func decode(buffer: inout ByteBuffer) throws -> RESPValue? {
        // Only a whole value is taken out of the buffer.
        var rest = buffer
        guard let value = try Self.value(&rest, depth: 0) else { return nil }
        buffer = rest
        return value
    }

    package mutating func decodeLast(buffer: inout ByteBuffer, seenEOF: Bool) throws -> RESPValue? { try decode(buffer: &buffer) }

    /// `nil`: more has to come.
    private static func value(_ buffer: inout ByteBuffer, depth: Int) throws -> RESPValue? {
        guard let kind = buffer.readInteger(as: UInt8.self), let line = try line(&buffer) else { return nil }
        switch kind {
        case UInt8(ascii: "+"): return .status(String(decoding: line, as: UTF8.self))
        case UInt8(ascii: "-"): return .error(String(decoding: line, as: UTF8.self))
        case UInt8(ascii: ":"): return .integer(try number(line))
        case UInt8(ascii: "$"): return try bytes(&buffer, count: number(line))
        case UInt8(ascii: "*"): return try list(&buffer, count: number(line), depth: depth + 1)
        default: throw Malformed()
        }
    }

    private static func line(_ buffer: inout ByteBuffer) throws -> [UInt8]? {
        let view = buffer.readableBytesView.prefix(longestLine)
        guard let end = view.firstIndex(of: UInt8(ascii: "\r")) else {
            guard view.count < longestLine else { throw Malformed() }
            return nil
        }
        guard let line = buffer.readBytes(length: view.distance(from: view.startIndex, to: end)) else { return nil }
        return try skipLineBreak(&buffer) ? line : nil
    }

    private static func skipLineBreak(_ buffer: inout ByteBuffer) throws -> Bool {
        guard let mark = buffer.readInteger(as: UInt16.self) else { return false }
        guard mark == 0x0D0A else { throw Malformed() }
        return true
    }

    private static func number(_ line: [UInt8]) throws -> Int64 {
        guard let number = Int64(String(decoding: line, as: UTF8.self)) else { throw Malformed() }
        return number
    }

    private static func bytes(_ buffer: inout ByteBuffer, count: Int64) throws -> RESPValue? {
        guard count >= 0 else { return .null }
        guard count <= longestReply, let length = Int(exactly: count) else { throw Malformed() }
        guard let bytes = buffer.readBytes(length: length) else { return nil }
        return try skipLineBreak(&buffer) ? .bytes(bytes) : nil
    }

    private static func list(_ buffer: inout ByteBuffer, count: Int64, depth: Int) throws -> RESPValue? {
        guard count >= 0 else { return .null }
        guard count <= mostElements, depth <= deepest else { throw Malformed() }
        var values: [RESPValue] = []
        for _ in 0..<count {
            guard let value = try value(&buffer, depth: depth) else { return nil }
            values.append(value)
        }
        return .list(values)
    }
}

extension ByteBuffer {
    /// A command: a list of bytes.
    init(command: [RedisArgument]) {
        self.init()
        writeString("*\(command.count)\r\n")
        for argument in command {
            switch argument {
            case .text(let text): writeBulk(Array(text.utf8))
            case .bytes(let bytes): writeBulk(bytes)
            case .number(let number): writeBulk(Array(String(number).utf8))
            }
        }
    }

    private mutating func writeBulk(_ bytes: [UInt8]) {
        writeString("$\(bytes.count)\r\n")
        writeBytes(bytes)
        writeString("\r\n")
    }
}
