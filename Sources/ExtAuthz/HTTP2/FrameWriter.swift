import NIOCore

/// The frames that we send, written at the end of the buffer.
extension ByteBuffer {
    mutating func writeFrameHeader(_ type: FrameType, _ flags: FrameFlags = [], stream: UInt32, length: Int) {
        writeMultipleIntegers(UInt32(truncatingIfNeeded: length) << 8 | UInt32(type.rawValue), flags.rawValue, stream)
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

/// The frames of a response. They are many small parts: gathered in an array they cost a third of what writing each to the buffer does.
extension [UInt8] {
    mutating func appendFrameHeader(_ type: FrameType, _ flags: FrameFlags = [], stream: UInt32, length: Int) {
        appendBigEndian(UInt32(truncatingIfNeeded: length) << 8 | UInt32(type.rawValue))
        append(flags.rawValue)
        appendBigEndian(stream)
    }

    /// - Parameter resized: tells the client first that our encoder uses no dynamic table (RFC 7541 section 4.2).
    mutating func appendHeaders(_ block: FieldBlock, stream: UInt32, endStream: Bool, resized: Bool = false) {
        let flags: FrameFlags = endStream ? [.endHeaders, .endStream] : .endHeaders
        appendFrameHeader(.headers, flags, stream: stream, length: block.bytes.count + (resized ? 1 : 0))
        if resized { append(FieldBlock.noDynamicTable) }
        append(contentsOf: block.bytes)
    }

    mutating func appendBigEndian(_ number: UInt32) {
        append(UInt8(truncatingIfNeeded: number >> 24))
        append(UInt8(truncatingIfNeeded: number >> 16))
        append(UInt8(truncatingIfNeeded: number >> 8))
        append(UInt8(truncatingIfNeeded: number))
    }
}
