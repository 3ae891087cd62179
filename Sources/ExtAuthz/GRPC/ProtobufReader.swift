import Web

/// Reads the fields of a protobuf message where they lie: a run of the bytes that each call is given. Anything that is no
/// message throws.
struct ProtobufReader {
    /// The bytes are no message.
    struct Malformed: Error {}

    struct Field {
        let number: UInt64
        /// Of a string, bytes or message; `nil` for numbers, which nothing here needs.
        let content: RequestMessage.Part?
    }

    private var position: Int
    private let end: Int

    init(_ part: RequestMessage.Part) {
        position = part.range.lowerBound
        end = part.range.upperBound
    }

    /// The next field; `nil` at the end.
    mutating func next(in bytes: Span<UInt8>) throws(Malformed) -> Field? {
        guard position < end else { return nil }
        let tag = try varint(bytes)
        guard tag <= UInt32.max, tag >> 3 != 0 else { throw Malformed() }
        return Field(number: tag >> 3, content: try content(bytes, wireType: tag & 7))
    }

    /// Groups are not read: neither Envoy nor protobuf 3 has any.
    private mutating func content(_ bytes: Span<UInt8>, wireType: UInt64) throws(Malformed) -> RequestMessage.Part? {
        switch wireType {
        case 0: _ = try varint(bytes)
        case 1: _ = try take(8)
        case 2: return RequestMessage.Part(try take(Int(clamping: try varint(bytes))))
        case 5: _ = try take(4)
        default: throw Malformed()
        }
        return nil
    }

    private mutating func take(_ count: Int) throws(Malformed) -> Range<Int> {
        guard count <= end - position else { throw Malformed() }
        defer { position += count }
        return position..<position + count
    }

    private mutating func varint(_ bytes: Span<UInt8>) throws(Malformed) -> UInt64 {
        if position < end, bytes[position] < 0x80 {
            position += 1
            return UInt64(bytes[position - 1])
        }
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while shift < 70 {
            guard position < end else { throw Malformed() }
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        throw Malformed()
    }
}
