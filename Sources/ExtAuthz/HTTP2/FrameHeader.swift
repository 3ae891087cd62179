import NIOCore

/// The kinds of frame (RFC 9113 section 6). Others are ignored.
enum FrameType: UInt8 {
    case data = 0x0
    case headers = 0x1
    case priority = 0x2
    case rstStream = 0x3
    case settings = 0x4
    case pushPromise = 0x5
    case ping = 0x6
    case goAway = 0x7
    case windowUpdate = 0x8
    case continuation = 0x9
}

struct FrameFlags: OptionSet {
    let rawValue: UInt8

    /// On SETTINGS and PING.
    static let ack = FrameFlags(rawValue: 0x1)
    /// On DATA and HEADERS.
    static let endStream = FrameFlags(rawValue: 0x1)
    static let endHeaders = FrameFlags(rawValue: 0x4)
    static let padded = FrameFlags(rawValue: 0x8)
    static let priority = FrameFlags(rawValue: 0x20)
}

/// The nine bytes before every payload (RFC 9113 section 4.1).
struct FrameHeader {
    static let size = 9

    let length: Int
    /// `nil`: a kind that we do not know.
    let type: FrameType?
    let flags: FrameFlags
    /// Without the reserved bit.
    let stream: UInt32

    /// `nil`: not all nine bytes are there.
    init?(peeking buffer: ByteBuffer) {
        guard let start: UInt64 = buffer.getInteger(at: buffer.readerIndex),
            let end: UInt8 = buffer.getInteger(at: buffer.readerIndex + 8)
        else { return nil }
        length = Int(start >> 40)
        type = FrameType(rawValue: UInt8(truncatingIfNeeded: start >> 32))
        flags = FrameFlags(rawValue: UInt8(truncatingIfNeeded: start >> 24))
        stream = (UInt32(truncatingIfNeeded: start) & 0x007f_ffff) << 8 | UInt32(end)
    }
}

/// A frame that is here whole. The payload shares the memory of what was read.
struct Frame {
    let header: FrameHeader
    var payload: ByteBuffer

    /// The payload of DATA or HEADERS without its padding, and without the priority that HEADERS may carry: priority is
    /// ignored (RFC 9113 sections 5.3.2, 6.1, 6.2).
    func content() throws(HTTP2Failure) -> ByteBuffer {
        var content = payload
        var padding = 0
        if header.flags.contains(.padded) {
            guard let length: UInt8 = content.readInteger() else { throw .connection(.frameSizeError, "no pad length") }
            padding = Int(length)
        }
        if header.type == .headers, header.flags.contains(.priority) {
            guard content.readSlice(length: 5) != nil else { throw .connection(.frameSizeError, "no priority") }
        }
        guard padding <= content.readableBytes, let unpadded = content.readSlice(length: content.readableBytes - padding) else {
            throw .connection(.protocolError, "more padding than payload")
        }
        return unpadded
    }
}
