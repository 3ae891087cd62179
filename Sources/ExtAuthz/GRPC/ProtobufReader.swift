import NIOCore

/// Reads the fields of a protobuf message where they lie. Anything that is no message throws; nothing is copied but the
/// strings that are asked for.
struct ProtobufReader {
    /// The bytes are no message.
    struct Malformed: Error {}

    struct Field {
        let number: UInt64
        /// Of a string, bytes or message; `nil` for numbers, which nothing here needs.
        let content: ProtobufReader?
    }

    private var bytes: ByteBuffer

    init(_ bytes: ByteBuffer) {
        self.bytes = bytes
    }

    /// The next field; `nil` at the end.
    mutating func next() throws(Malformed) -> Field? {
        guard bytes.readableBytes > 0 else { return nil }
        let tag = try varint()
        guard tag <= UInt32.max, tag >> 3 != 0 else { throw Malformed() }
        return Field(number: tag >> 3, content: try content(wireType: tag & 7))
    }

    /// Groups are not read: neither Envoy nor protobuf 3 has any.
    private mutating func content(wireType: UInt64) throws(Malformed) -> ProtobufReader? {
        switch wireType {
        case 0: _ = try varint()
        case 1: _ = try take(8)
        case 2: return ProtobufReader(try take(Int(clamping: try varint())))
        case 5: _ = try take(4)
        default: throw Malformed()
        }
        return nil
    }

    private mutating func take(_ count: Int) throws(Malformed) -> ByteBuffer {
        guard count <= bytes.readableBytes, let part = bytes.readSlice(length: count) else { throw Malformed() }
        return part
    }

    private mutating func varint() throws(Malformed) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard let byte: UInt8 = bytes.readInteger() else { throw Malformed() }
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
        }
        throw Malformed()
    }

    // MARK: The content of a field

    var isEmpty: Bool { bytes.readableBytes == 0 }

    /// A protobuf string is UTF-8.
    func string() throws(Malformed) -> String {
        let (text, isValid) = text
        guard isValid else { throw Malformed() }
        return text
    }

    /// With U+FFFD for what is no UTF-8; `isValid`: there was none of that.
    var text: (String, isValid: Bool) {
        bytes.withUnsafeReadableBytes { bytes in
            // Decoding and comparing is several times faster than `String(validating:as:)`.
            var text = String(decoding: bytes, as: UTF8.self)
            let isValid = text.withUTF8 { $0.elementsEqual(bytes) }
            return (text, isValid: isValid)
        }
    }

    var array: [UInt8] { [UInt8](bytes.readableBytesView) }
}
