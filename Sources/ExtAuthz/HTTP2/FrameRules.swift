/// What every frame of a kind has to look like, whatever state the connection is in.
struct FrameRules {
    enum Stream {
        case connection
        case stream
        case either
    }

    let type: FrameType
    let section: String
    let stream: Stream
    let length: ClosedRange<Int>
    var multiple = 1
    /// A client may not send this at all.
    var isRefused = false

    /// Indexed by the type's number. A wrong length is a FRAME_SIZE_ERROR of the connection, a wrong stream a
    /// PROTOCOL_ERROR. (PRIORITY of a wrong length ends its stream only: see `receivePriority`.)
    private static let table: [FrameRules] = [
        FrameRules(type: .data, section: "6.1", stream: .stream, length: 0...HTTP2Limits.frame),
        FrameRules(type: .headers, section: "6.2", stream: .stream, length: 0...HTTP2Limits.frame),
        FrameRules(type: .priority, section: "6.3", stream: .stream, length: 0...HTTP2Limits.frame),
        FrameRules(type: .rstStream, section: "6.4", stream: .stream, length: 4...4),
        FrameRules(type: .settings, section: "6.5", stream: .connection, length: 0...HTTP2Limits.frame, multiple: 6),
        FrameRules(type: .pushPromise, section: "8.4", stream: .either, length: 0...HTTP2Limits.frame, isRefused: true),
        FrameRules(type: .ping, section: "6.7", stream: .connection, length: 8...8),
        FrameRules(type: .goAway, section: "6.8", stream: .connection, length: 8...HTTP2Limits.frame),
        FrameRules(type: .windowUpdate, section: "6.9", stream: .either, length: 4...4),
        FrameRules(type: .continuation, section: "6.10", stream: .stream, length: 0...HTTP2Limits.frame),
    ]

    /// Holds a frame to its row, before its payload is here.
    static func check(_ header: FrameHeader) throws(HTTP2Failure) {
        guard header.length <= HTTP2Limits.frame else { throw .connection(.frameSizeError, "frame too large") }
        guard let type = header.type else { return }
        let rule = table[Int(type.rawValue)]
        if rule.isRefused || !rule.accepts(stream: header.stream) {
            throw .connection(.protocolError, "frame out of place, section \(rule.section)")
        }
        if !rule.length.contains(header.length) || (rule.multiple > 1 && header.length % rule.multiple != 0) {
            throw .connection(.frameSizeError, "frame length, section \(rule.section)")
        }
    }

    private func accepts(stream id: UInt32) -> Bool {
        switch stream {
        case .connection: id == 0
        case .stream: id != 0
        case .either: true
        }
    }
}
