import NIOCore

/// A stream that is open, or half-closed by the client (RFC 9113 section 5.1). Others are not kept.
struct HTTP2Stream<Call> {
    let id: UInt32
    let openedAt: NIODeadline
    /// The server's own state.
    var call: Call?
    /// Half-closed (remote).
    var clientHasEnded: Bool
    var sendWindow: SendWindow
    var receiveWindow = ReceiveWindow(HTTP2Limits.streamWindow, target: HTTP2Limits.streamWindow)
    /// Bytes of body that `content-length` has promised and that are not here yet.
    var missing: Int?
    /// Bytes of body so far.
    var received = 0
    var queue: QueuedResponse?
}

/// What of a response waits for the client's windows.
struct QueuedResponse {
    var data: ByteBuffer
    let trailers: FieldBlock
}

/// The streams of a connection. Ids only grow, so the list is in order.
struct StreamTable<Call> {
    private(set) var streams: [HTTP2Stream<Call>] = []

    var count: Int { streams.count }
    var isEmpty: Bool { streams.isEmpty }

    /// Where the stream stands; only until the next one is removed.
    func index(of id: UInt32) -> Int? {
        guard let last = streams.last else { return nil }
        if last.id == id { return streams.count - 1 }
        var low = 0
        var high = streams.count
        while low < high {
            let middle = (low + high) / 2
            if streams[middle].id < id { low = middle + 1 } else { high = middle }
        }
        return low < streams.count && streams[low].id == id ? low : nil
    }

    subscript(index: Int) -> HTTP2Stream<Call> {
        get { streams[index] }
        _modify { yield &streams[index] }
    }

    /// - Precondition: a higher id than those before.
    mutating func append(_ stream: HTTP2Stream<Call>) {
        streams.append(stream)
    }

    mutating func remove(at index: Int) {
        streams.remove(at: index)
    }

    mutating func removeAll() {
        streams.removeAll()
    }
}
