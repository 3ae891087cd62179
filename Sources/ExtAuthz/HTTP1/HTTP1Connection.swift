import AuthService
import NIOCore
import Web

/// The server's side of one HTTP/1 connection (RFC 9112), apart from where its bytes come from and go to: requests come out of
/// `next` one after the other, each of them to be answered before the next one is looked at.
struct HTTP1Connection {
    /// A request that is here whole.
    struct Request {
        var head: HTTP1Head
        let dialect: CheckDialect
        let body: [UInt8]
    }

    /// What of a request its answer depends on.
    private struct Asked {
        let dialect: CheckDialect
        let credentials: SentCredentials?
        let isHead: Bool
        let isHTTP10: Bool
        let keepsAlive: Bool
    }

    private enum State {
        case head
        case body(HTTP1Head, CheckDialect, HTTP1Body)
        case deciding(Asked)
        /// The last answer is written: what still arrives is dropped.
        case ended
    }

    /// Bytes to send.
    var output = ByteBuffer()
    private var input = ByteBuffer()
    private var state = State.head
    /// How many bytes of `input` are known to hold no end of a head.
    private var searched = 0

    mutating func receive(_ bytes: ByteBuffer) {
        if case .ended = state { return }
        if input.readableBytes == 0 { input = bytes } else { input.writeImmutableBuffer(bytes) }
    }

    /// The next request to answer; `nil`: more bytes are needed, or the last one has to be answered first.
    mutating func next() -> Request? {
        do throws(HTTP1Failure) {
            switch state {
            case .head: return try readHead()
            case .body(let head, let dialect, var body):
                state = .ended  // gives up the second reference, so that the body grows in place
                guard try body.take(from: &input) else {
                    state = .body(head, dialect, body)
                    return nil
                }
                return request(head, dialect, body.bytes)
            case .deciding, .ended: return nil
            }
        } catch {
            refuse(error.refusal)
            return nil
        }
    }

    private mutating func readHead() throws(HTTP1Failure) -> Request? {
        guard input.readableBytes > 0 else { return nil }
        guard mayHoldHead() else {
            searched = input.readableBytes
            return nil
        }
        guard let head = try HTTP1HeadScanner.scan(input.readableBytesUInt8Span) else {
            searched = input.readableBytes
            keepRest()
            return nil
        }
        searched = 0
        input.moveReaderIndex(forwardBy: head.size)
        let framing = try HTTP1Framing(head)
        guard let dialect = CheckDialect(head.message) else { throw .unknownPath }
        if case .none = framing { return request(head, dialect, []) }
        if head.message.first("expect") != nil { output.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n") }
        state = .body(head, dialect, HTTP1Body(framing))
        return next()
    }

    /// A head that comes in many pieces is not scanned for each of them: only once its end may be there, or too much is.
    private func mayHoldHead() -> Bool {
        guard searched > 0 else { return true }
        let view = input.readableBytesView.dropFirst(max(0, searched - 3))
        var previous: UInt8 = 0
        var lines = 0
        for byte in view {
            guard byte == .lineFeed else {
                if previous == .carriageReturn { return true }
                if byte != .carriageReturn { lines = 0 }
                previous = byte
                continue
            }
            lines += 1
            if previous != .carriageReturn || lines == 2 { return true }
            previous = byte
        }
        return input.readableBytes >= HTTP1HeadScanner.maximumLine
    }

    private mutating func request(_ head: consuming HTTP1Head, _ dialect: CheckDialect, _ body: [UInt8]) -> Request {
        state = .deciding(
            Asked(
                dialect: dialect, credentials: dialect.sendsAllHeaders ? SentCredentials(head.message) : nil,
                isHead: head.message.holds("HEAD", at: head.message.method), isHTTP10: head.isHTTP10,
                keepsAlive: head.keepsAlive))
        return Request(head: head, dialect: dialect, body: body)
    }

    /// A part of a request moves to a buffer of its own: it must not hold on to all the memory of a read.
    private mutating func keepRest() {
        input = ByteBuffer(bytes: input.readableBytesView)
    }

    // MARK: Answering

    /// Answers the request that came out of `next` last.
    mutating func answer(_ decision: Decision) {
        guard case .deciding(let asked) = state else { return }
        let end = HTTP1ResponseEnd(isHead: asked.isHead, isHTTP10: asked.isHTTP10, keepsAlive: asked.keepsAlive)
        asked.dialect.write(decision, asked.credentials, end, to: &output)
        state = asked.keepsAlive ? .head : .ended
        if input.readableBytes == 0 { input = ByteBuffer() }
    }

    private mutating func refuse(_ refusal: Refusal) {
        HTTP1ResponseEnd(isHead: false, isHTTP10: false, keepsAlive: false).write(refusal.response, to: &output)
        state = .ended
        input = ByteBuffer()
    }

    /// The frames to send, and `next` (empty) as the memory of those that come.
    mutating func takeOutput(next: ByteBuffer) -> ByteBuffer {
        defer { output = next }
        return output
    }

    mutating func end() {
        state = .ended
        input = ByteBuffer()
    }

    // MARK: What the connection is about

    var hasEnded: Bool { if case .ended = state { true } else { false } }

    var isDeciding: Bool { if case .deciding = state { true } else { false } }

    /// Whether a request has begun and is not here whole.
    var isReceiving: Bool {
        switch state {
        case .head: input.readableBytes > 0
        case .body: true
        case .deciding, .ended: false
        }
    }

    /// Whether more is read while a decision is waited for.
    var takesMore: Bool { !isDeciding || input.readableBytes < HTTP1HeadScanner.maximum }
}
