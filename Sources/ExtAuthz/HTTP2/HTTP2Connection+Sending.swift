import NIOCore

/// Responses that wait for the client's windows.
struct QueueState {
    private(set) var responses = 0
    private(set) var bytes = 0

    mutating func add(_ response: QueuedResponse) {
        responses += 1
        bytes += response.data.readableBytes
    }

    mutating func remove(_ response: QueuedResponse) {
        responses -= 1
        bytes -= response.data.readableBytes
    }

    mutating func sent(_ count: Int) { bytes -= count }
}

/// Responses (RFC 9113 sections 5.2, 8.1). A response to a stream that is gone is dropped.
extension HTTP2Connection {
    /// Ends the stream with headers alone, and tells a client that is still sending to stop (section 8.1).
    mutating func respond(_ id: UInt32, _ block: FieldBlock) {
        guard let index = streams.index(of: id) else { return }
        writeHeaders(block, stream: id, endStream: true)
        finish(at: index)
    }

    /// Sends head, body and trailers; the body waits where the client has no room for it.
    /// - Parameters:
    ///   - size: bytes that `write` appends.
    mutating func respond(
        _ id: UInt32, _ head: FieldBlock, bodySize size: Int, trailers: FieldBlock, write: (inout [UInt8]) -> Void
    ) {
        guard let index = streams.index(of: id) else { return }
        let room = min(sendWindow.size, streams[index].sendWindow.size, settings.frame)
        if queue.responses == 0, size <= room {
            sendWindow.use(size)
            send { frames, resized in
                frames.reserveCapacity(size + Self.overhead)
                frames.appendHeaders(head, stream: id, endStream: false, resized: resized)
                frames.appendFrameHeader(.data, stream: id, length: size)
                write(&frames)
                frames.appendHeaders(trailers, stream: id, endStream: true)
            }
            return finish(at: index)
        }
        writeHeaders(head, stream: id, endStream: false)
        var data: [UInt8] = []
        data.reserveCapacity(size)
        write(&data)
        enqueue(QueuedResponse(data: ByteBuffer(bytes: data), trailers: trailers), at: index)
    }

    /// Bytes of a response around its body: headers and trailers.
    private static var overhead: Int { 128 }

    private mutating func enqueue(_ response: QueuedResponse, at index: Int) {
        streams[index].queue = response
        if queue.responses == 0 { times.queueMoved = times.now }
        queue.add(response)
        sendQueued()
        if queue.bytes > HTTP2Limits.queued { end(.enhanceYourCalm, "too many responses are not taken") }
    }

    /// Sends what the windows have room for, the oldest stream first.
    mutating func sendQueued() {
        guard queue.responses > 0 else { return }
        var index = 0
        while index < streams.count {
            if sendQueued(at: index) { finish(at: index) } else { index += 1 }
        }
    }

    /// `true`: the response is sent to its end.
    private mutating func sendQueued(at index: Int) -> Bool {
        guard var response = streams[index].queue else { return false }
        let id = streams[index].id
        streams[index].queue = nil
        while response.data.readableBytes > 0 {
            let room = min(sendWindow.size, streams[index].sendWindow.size, settings.frame, response.data.readableBytes)
            guard room > 0, let part = response.data.readSlice(length: room) else {
                streams[index].queue = response
                return false
            }
            sendWindow.use(room)
            streams[index].sendWindow.use(room)
            queue.sent(room)
            times.queueMoved = times.now
            output.writeFrameHeader(.data, stream: id, length: room)
            output.writeImmutableBuffer(part)
        }
        queue.remove(response)
        writeHeaders(response.trailers, stream: id, endStream: true)
        return true
    }

    private mutating func finish(at index: Int) {
        floods.callEnded()
        let hasEnded = streams[index].clientHasEnded
        if !hasEnded { output.writeReset(stream: streams[index].id, .noError) }
        remove(at: index, hasEnded ? .ended : .resetByServer)
    }

    private mutating func writeHeaders(_ block: FieldBlock, stream: UInt32, endStream: Bool) {
        send { frames, resized in frames.appendHeaders(block, stream: stream, endStream: endStream, resized: resized) }
    }

    /// - Parameter gather: appends whole frames; the first of them has to tell that the table was resized, if it was.
    private mutating func send(_ gather: (inout [UInt8], _ resized: Bool) -> Void) {
        var frames = gathered
        gathered = []  // gives up the second reference, so that the frames are written in place
        frames.removeAll(keepingCapacity: true)
        gather(&frames, settings.resizesTable)
        settings.resizesTable = false
        output.writeBytes(frames)
        gathered = frames
    }
}
