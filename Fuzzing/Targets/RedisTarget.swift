import NIOCore
import Storage

extension FuzzTarget {
    /// What a server of Redis' protocol answers.
    static let redisReplies = FuzzTarget("redis-replies", maximumBytes: 4096) { (input) throws(Violation) in
        var whole = ByteBuffer(bytes: input)
        guard let first = decoded(&whole), let value = first else {
            return try require(whole.readableBytes == input.count, "nothing is taken of what is none, or not whole")
        }
        let length = input.count - whole.readableBytes
        try require(length > 0, "a value has bytes")
        for end in [0, length / 2, length - 1] {
            var part = ByteBuffer(bytes: input.prefix(end))
            try require(decoded(&part) == .some(nil), "a part of a value is one that more has to come of")
        }
        var alone = ByteBuffer(bytes: input.prefix(length))
        try require(decoded(&alone) == .some(value), "what follows changes nothing")
        var again = ByteBuffer(bytes: written(value))
        try require(decoded(&again) == .some(value) && again.readableBytes == 0, "it is read again as it was")
    }

    /// `nil`: malformed; `.some(nil)`: more has to come.
    private static func decoded(_ buffer: inout ByteBuffer) -> RESPValue?? {
        var decoder = RESPDecoder()
        do { return .some(try decoder.decode(buffer: &buffer)) } catch { return nil }
    }

    private static func written(_ value: RESPValue) -> [UInt8] {
        switch value {
        case .status(let text): Array("+\(text)\r\n".utf8)
        case .error(let text): Array("-\(text)\r\n".utf8)
        case .integer(let number): Array(":\(number)\r\n".utf8)
        case .bytes(let bytes): Array("$\(bytes.count)\r\n".utf8) + bytes + Array("\r\n".utf8)
        case .list(let values): Array("*\(values.count)\r\n".utf8) + values.flatMap(written)
        case .null: Array("$-1\r\n".utf8)
        }
    }
}
