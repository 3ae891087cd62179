import NIOCore
import NIOHPACK

/// The frames that open, feed and end streams (RFC 9113 sections 5.1, 8.1).
extension HTTP2Connection {
    /// Whether nobody has used the stream yet. A client cannot use those of even number at all.
    func isIdle(_ id: UInt32) -> Bool { id > lastStream || id % 2 == 0 }

    // MARK: Header blocks

    mutating func receiveHeaders(_ frame: Frame) throws(HTTP2Failure) -> Event? {
        let flags = frame.header.flags
        let block = HeaderBlock(
            stream: frame.header.stream, endStream: flags.contains(.endStream), fragment: try frame.content(),
            startedAt: times.now)
        try checkState(of: block)
        if flags.contains(.endHeaders) { return try receive(block) }
        self.block = block
        return nil
    }

    mutating func receiveContinuation(_ frame: Frame) throws(HTTP2Failure) -> Event? {
        guard var block else { throw .connection(.protocolError, "CONTINUATION without HEADERS") }
        self.block = nil  // gives up the second reference, so that the fragment grows in place
        try block.append(frame.payload)
        if frame.header.flags.contains(.endHeaders) { return try receive(block) }
        self.block = block
        return nil
    }

    /// Whether the stream can be opened, or can have a second header block at all.
    private func checkState(of block: HeaderBlock) throws(HTTP2Failure) {
        let id = block.stream
        if id % 2 == 0 { throw .connection(.protocolError, "a client's stream of even number") }
        guard id <= lastStream, streams.index(of: id) == nil else { return }
        switch closed.end(of: id) {
        case .resetByServer?: return
        case .ended?: throw .connection(.streamClosed, "HEADERS on a closed stream")
        case nil: throw .connection(.protocolError, "a stream number below the last one")
        }
    }

    /// Decodes first whatever comes of it: the block changes the table for those behind it.
    private mutating func receive(_ block: HeaderBlock) throws(HTTP2Failure) -> Event? {
        if block.stream > lastStream, let head = repeated.head(of: block.fragment) { return try open(block, head) }
        let fields = try decoder.fields(of: block)
        let isNew = block.stream > lastStream
        let head = isNew ? RequestHead(fields) : nil
        repeated.note(block.fragment, head)
        if isNew { return try open(block, head) }
        guard let index = streams.index(of: block.stream) else { return nil }
        guard !streams[index].clientHasEnded else { throw .stream(block.stream, .streamClosed) }
        guard block.endStream, RequestHead.areTrailers(fields) else { throw .stream(block.stream, .protocolError) }
        try endBody(at: index)
        return .trailers(block.stream)
    }

    /// - Parameter head: `nil`: the request is malformed.
    private mutating func open(_ block: HeaderBlock, _ head: RequestHead?) throws(HTTP2Failure) -> Event? {
        let id = block.stream
        lastStream = id
        guard drainState != .settled, streams.count < HTTP2Limits.streams else { throw .stream(id, .refusedStream) }
        guard let head else { throw .stream(id, .protocolError) }
        if block.endStream, head.contentLength ?? 0 != 0 { throw .stream(id, .protocolError) }
        streams.append(
            HTTP2Stream(
                id: id, openedAt: times.now, clientHasEnded: block.endStream,
                sendWindow: SendWindow(settings.initialWindow), missing: head.contentLength))
        times.lastStreamOpened = times.now
        return .request(id, head, ended: block.endStream)
    }

    // MARK: DATA

    mutating func receiveData(_ frame: Frame) throws(HTTP2Failure) -> Event? {
        let id = frame.header.stream
        guard receiveWindow.use(frame.header.length) else { throw .connection(.flowControlError, "DATA beyond the window") }
        if let increment = receiveWindow.refill() { output.writeWindowUpdate(stream: 0, increment) }
        let content = try frame.content()
        guard let index = try stream(forData: id) else {
            try countIdleFrame()
            return nil
        }
        guard streams[index].receiveWindow.use(frame.header.length) else { throw .stream(id, .flowControlError) }
        let ended = frame.header.flags.contains(.endStream)
        if content.readableBytes == 0, !ended { try countIdleFrame() }
        try count(content.readableBytes, at: index)
        if ended {
            try endBody(at: index)
        } else if let increment = streams[index].receiveWindow.refill() {
            output.writeWindowUpdate(stream: id, increment)
        }
        return .data(id, content, ended: ended)
    }

    /// `nil`: the data crossed our RST_STREAM and is dropped.
    private func stream(forData id: UInt32) throws(HTTP2Failure) -> Int? {
        guard !isIdle(id) else { throw .connection(.protocolError, "DATA on an idle stream") }
        guard let index = streams.index(of: id) else {
            if closed.end(of: id) == .resetByServer { return nil }
            throw .stream(id, .streamClosed)
        }
        guard !streams[index].clientHasEnded else { throw .stream(id, .streamClosed) }
        return index
    }

    /// The body has to be as long as `content-length` says (section 8.1.1), and all of them together have to fit.
    private mutating func count(_ bytes: Int, at index: Int) throws(HTTP2Failure) {
        streams[index].received += bytes
        received += bytes
        guard received <= HTTP2Limits.buffered else { throw .stream(streams[index].id, .enhanceYourCalm) }
        guard let missing = streams[index].missing else { return }
        guard bytes <= missing else { throw .stream(streams[index].id, .protocolError) }
        streams[index].missing = missing - bytes
    }

    private mutating func endBody(at index: Int) throws(HTTP2Failure) {
        guard streams[index].missing ?? 0 == 0 else { throw .stream(streams[index].id, .protocolError) }
        streams[index].clientHasEnded = true
    }

    // MARK: The end

    mutating func receiveReset(_ header: FrameHeader) throws(HTTP2Failure) {
        guard !isIdle(header.stream) else { throw .connection(.protocolError, "RST_STREAM on an idle stream") }
        if let index = streams.index(of: header.stream) { remove(at: index, .ended) }
        guard floods.resets.spend(now: times.now) else { throw .connection(.enhanceYourCalm, "too many streams were reset") }
    }

    mutating func remove(at index: Int, _ end: ClosedStreams.End) {
        let stream = streams[index]
        if let queued = stream.queue { queue.remove(queued) }
        received -= stream.received
        closed.add(stream.id, end)
        streams.remove(at: index)
    }
}
