import NIOCore

/// Puts together the one message of a unary call: 5 bytes of prefix (a flag and a length), then the message.
struct GRPCMessage {
    private var buffer = ByteBuffer()

    /// Adds bytes of a DATA frame. Throws as soon as the prefix says that the message will not do.
    mutating func append(_ data: inout ByteBuffer) throws(GRPCStatus) {
        buffer.writeBuffer(&data)
        guard let prefix = try prefix() else { return }
        if buffer.readableBytes - 5 > prefix { throw .cardinality }
    }

    /// The message without its prefix, once the client has ended its side.
    func finish() throws(GRPCStatus) -> ByteBufferView {
        guard buffer.readableBytes > 0 else { throw .cardinality }
        guard let length = try prefix(), buffer.readableBytes - 5 == length else { throw .truncated }
        return buffer.readableBytesView.dropFirst(5)
    }

    /// The length that the prefix tells, if it is there.
    private func prefix() throws(GRPCStatus) -> Int? {
        guard let flag: UInt8 = buffer.getInteger(at: buffer.readerIndex) else { return nil }
        if flag == 1 { throw .compressed }
        if flag != 0 { throw .badFlag }
        guard let length: UInt32 = buffer.getInteger(at: buffer.readerIndex + 1) else { return nil }
        if length > RequestLimits.message { throw .tooLarge }
        return Int(length)
    }

    /// Writes the prefix of a message of `count` bytes and the message.
    static func framed(_ message: [UInt8]) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(message.count + 5)
        buffer.writeInteger(UInt8(0))
        buffer.writeInteger(UInt32(clamping: message.count))
        buffer.writeBytes(message)
        return buffer
    }
}
