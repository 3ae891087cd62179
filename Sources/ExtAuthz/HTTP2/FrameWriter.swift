import NIOCore

/// The frames that we send, written at the end of the buffer.
extension ByteBuffer {
    mutating func writeFrameHeader(_ type: FrameType, _ flags: FrameFlags = [], stream: UInt32, length: Int) {
        writeMultipleIntegers(UInt32(truncatingIfNeeded: length) << 8 | UInt32(type.rawValue), flags.rawValue, stream)
    }

    /// - Parameter resized: tells the client first that our encoder uses no dynamic table (RFC 7541 section 4.2).
    mutating func writeHeaders(_ block: FieldBlock, stream: UInt32, endStream: Bool, resized: Bool) {
        let flags: FrameFlags = endStream ? [.endHeaders, .endStream] : .endHeaders
        writeFrameHeader(.headers, flags, stream: stream, length: block.bytes.count + (resized ? 1 : 0))
        if resized { writeInteger(FieldBlock.noDynamicTable) }
        writeBytes(block.bytes)
    }

    mutating func writeReset(stream: UInt32, _ code: HTTP2ErrorCode) {
        writeFrameHeader(.rstStream, stream: stream, length: 4)
        writeInteger(code.rawValue)
    }

    mutating func writeWindowUpdate(stream: UInt32, _ increment: Int) {
        writeFrameHeader(.windowUpdate, stream: stream, length: 4)
        writeInteger(UInt32(clamping: increment))
    }

    mutating func writeSettings(_ settings: [(id: UInt16, value: Int)]) {
        writeFrameHeader(.settings, stream: 0, length: settings.count * 6)
        for setting in settings { writeMultipleIntegers(setting.id, UInt32(clamping: setting.value)) }
    }

    mutating func writeSettingsAck() {
        writeFrameHeader(.settings, .ack, stream: 0, length: 0)
    }

    mutating func writePing(_ flags: FrameFlags, _ data: UInt64) {
        writeFrameHeader(.ping, flags, stream: 0, length: 8)
        writeInteger(data)
    }

    mutating func writeGoAway(last: UInt32, _ code: HTTP2ErrorCode, _ reason: String) {
        writeFrameHeader(.goAway, stream: 0, length: 8 + reason.utf8.count)
        writeMultipleIntegers(last, code.rawValue)
        writeString(reason)
    }
}
