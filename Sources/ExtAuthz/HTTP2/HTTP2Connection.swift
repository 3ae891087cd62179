import NIOCore
import NIOHPACK

/// The server's side of one HTTP/2 connection (RFC 9113), apart from where its bytes come from and go to.
///
/// Bytes go in with `receive`, what they mean for the server comes out of `next`, and whatever is to be sent gathers in
/// `output`. `Call` is what the server wants to remember with a stream.
struct HTTP2Connection<Call> {
    enum Event {
        /// A stream was opened. `ended`: there is no body.
        case request(UInt32, RequestHead, ended: Bool)
        /// A part of the body; it shares the memory of what was read.
        case data(UInt32, ByteBuffer, ended: Bool)
        /// The body has ended with trailers.
        case trailers(UInt32)
    }

    enum Phase {
        case preface
        /// The first frame has to be SETTINGS.
        case firstSettings
        case open
        /// A GOAWAY that ends the connection is written: what still arrives is dropped.
        case ended
    }

    /// How far we are with leaving (RFC 9113 section 6.8).
    enum Drain: Equatable {
        case no
        /// New streams may still be on their way; the ACK of our PING says that they have come.
        case announced(at: NIODeadline)
        /// No further stream is taken.
        case settled
    }

    /// Frames to send.
    var output = ByteBuffer()
    /// Memory for the parts of a response, from one `takeOutput` to the next: a connection that is idle has none.
    var gathered: [UInt8] = []
    var phase = Phase.preface
    var drainState = Drain.no
    var streams = StreamTable<Call>()
    var closed = ClosedStreams()
    /// The highest stream that the client has opened.
    var lastStream: UInt32 = 0
    var settings = PeerSettings()
    var settingsAreAcknowledged = false
    var clientIsLeaving = false
    var sendWindow = SendWindow(65_535)
    var receiveWindow = ReceiveWindow(65_535, target: HTTP2Limits.connectionWindow)
    var decoder = HPACKDecoder(
        allocator: ByteBufferAllocator(), maxDynamicTableSize: 4096, maxHeaderListSize: HTTP2Limits.headerList)
    var repeated = RepeatedBlock()
    var block: HeaderBlock?
    /// Bytes of body of all open streams.
    var received = 0
    var floods: FloodLimits
    var queue = QueueState()
    var times: ConnectionTimes
    private var input = ByteBuffer()
    private var prefaceIsMissing = Preface.bytes[...]

    /// Writes the server's preface.
    init(now: NIODeadline) {
        floods = FloodLimits(now: now)
        times = ConnectionTimes(now: now)
        output.writeSettings(PeerSettings.advertised)
        if let increment = receiveWindow.refill() { output.writeWindowUpdate(stream: 0, increment) }
    }

    // MARK: Receiving

    /// Takes what was read; then `next` is to be called until it has nothing more.
    mutating func receive(_ bytes: ByteBuffer, now: NIODeadline) {
        times.now = now
        guard phase != .ended else { return }
        if input.readableBytes == 0 { input = bytes } else { input.writeImmutableBuffer(bytes) }
    }

    /// The next thing to do for the server; `nil`: more bytes are needed.
    mutating func next() -> Event? {
        while phase != .ended {
            do throws(HTTP2Failure) {
                guard let frame = try nextFrame() else { break }
                if let event = try receive(frame) { return event }
            } catch {
                fail(error)
            }
        }
        keepRest()
        return nil
    }

    private mutating func nextFrame() throws(HTTP2Failure) -> Frame? {
        if phase == .preface, try !readPreface() { return nil }
        guard let header = FrameHeader(peeking: input) else { return nil }
        try FrameRules.check(header)
        guard input.readableBytes >= FrameHeader.size + header.length else { return nil }
        input.moveReaderIndex(forwardBy: FrameHeader.size)
        times.frameStarted = nil
        return input.readSlice(length: header.length).map { Frame(header: header, payload: $0) }
    }

    /// The client's preface is compared as it comes, so that a client of another protocol does not wait for our answer.
    private mutating func readPreface() throws(HTTP2Failure) -> Bool {
        let view = input.readableBytesView.prefix(prefaceIsMissing.count)
        guard prefaceIsMissing.starts(with: view) else { throw .connection(.protocolError, "no HTTP/2 preface") }
        prefaceIsMissing = prefaceIsMissing.dropFirst(view.count)
        input.moveReaderIndex(forwardBy: view.count)
        if prefaceIsMissing.isEmpty { phase = .firstSettings }
        return prefaceIsMissing.isEmpty
    }

    /// A part of a frame moves to a buffer of its own: it must not hold on to all the memory of a read.
    private mutating func keepRest() {
        guard input.readableBytes > 0, phase != .ended else {
            input = ByteBuffer()
            return
        }
        if times.frameStarted == nil {
            times.frameStarted = times.now
            input = ByteBuffer(bytes: input.readableBytesView)
        }
    }

    /// The frames to send, and `next` (empty) as the memory of those that come.
    mutating func takeOutput(next: ByteBuffer) -> ByteBuffer {
        defer {
            output = next
            gathered = []
        }
        return output
    }

    // MARK: Failing

    /// Ends a stream or the connection.
    mutating func fail(_ failure: HTTP2Failure) {
        switch failure {
        case .connection(let code, let reason):
            end(code, reason)
        case .stream(let id, let code):
            output.writeReset(stream: id, code)
            if let index = streams.index(of: id) { remove(at: index, .resetByServer) } else { closed.add(id, .resetByServer) }
            // A client can make us reset streams as well as reset them itself.
            if !floods.resets.spend(now: times.now) { end(.enhanceYourCalm, "too many streams were reset") }
        }
    }

    /// Writes the last GOAWAY and forgets the streams.
    mutating func end(_ code: HTTP2ErrorCode, _ reason: String) {
        guard phase != .ended else { return }
        output.writeGoAway(last: lastStream, code, reason)
        phase = .ended
        streams.removeAll()
        received = 0
        queue = QueueState()
        block = nil
    }
}

/// What every client sends first (RFC 9113 section 3.4).
private enum Preface {
    static let bytes = [UInt8]("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
}
