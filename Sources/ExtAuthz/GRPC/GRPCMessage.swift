import NIOCore

/// Puts together the one message of a unary call: 5 bytes of prefix (a flag and a length), then the message.
struct GRPCMessage {
    static let prefixSize = 5

    private var buffer = ByteBuffer()

    /// Adds bytes of a DATA frame. Throws as soon as the prefix says that the message will not do.
    /// - Parameter isLast: nothing comes behind; a message in one piece is then read where it lies.
    mutating func append(_ data: ByteBuffer, isLast: Bool) throws(GRPCStatus) {
        if isLast, buffer.readableBytes == 0 {
            buffer = data
        } else {
            buffer.writeImmutableBuffer(data)
        }
        guard let prefix = try prefix() else { return }
        if buffer.readableBytes - Self.prefixSize > prefix { throw .cardinality }
    }

    /// The message without its prefix, once the client has ended its side.
    func finish() throws(GRPCStatus) -> ByteBufferView {
        guard buffer.readableBytes > 0 else { throw .cardinality }
        guard let length = try prefix(), buffer.readableBytes - Self.prefixSize == length else { throw .truncated }
        return buffer.readableBytesView.dropFirst(Self.prefixSize)
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

    /// Writes the prefix of a message and the message.
    static func write(_ message: GRPCReply, to bytes: inout [UInt8]) {
        bytes.append(0)
        bytes.appendBigEndian(UInt32(clamping: message.count))
        CheckMessageWriter.write(message, to: &bytes)
    }
}
