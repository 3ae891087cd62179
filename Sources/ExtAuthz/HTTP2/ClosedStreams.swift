/// How the latest streams ended. Frames that crossed our RST_STREAM on the way are to be ignored; those behind an end that
/// the client itself has set are an error (RFC 9113 section 5.1, "closed").
struct ClosedStreams {
    enum End {
        case resetByServer
        case ended
    }

    private static let kept = 256
    private var streams: [(id: UInt32, end: End)] = []
    private var next = 0

    mutating func add(_ id: UInt32, _ end: End) {
        if streams.count < Self.kept {
            streams.append((id: id, end: end))
        } else {
            streams[next] = (id: id, end: end)
            next = (next + 1) % Self.kept
        }
    }

    /// `nil`: too long ago, or never opened.
    func end(of id: UInt32) -> End? {
        streams.last { $0.id == id }?.end
    }
}
