import NIOCore

/// What a stream of HTTP/2 has of its unary gRPC call. A stream without one is answered already.
enum GRPCCall {
    case receiving(GRPCService.Method, GRPCMessage)
    case deciding
}

/// The server side of "gRPC over HTTP2", one unary call a stream.
struct GRPCConnection {
    var http2: HTTP2Connection<GRPCCall>

    /// A call that is here whole.
    struct Request {
        let stream: UInt32
        let method: GRPCService.Method
        let message: ByteBufferView
    }

    init(now: NIODeadline) {
        http2 = HTTP2Connection(now: now)
    }

    mutating func receive(_ bytes: ByteBuffer, now: NIODeadline) {
        http2.receive(bytes, now: now)
    }

    /// The next call to answer; `nil`: more bytes are needed.
    mutating func next() -> Request? {
        while let event = http2.next() {
            if let request = take(event) { return request }
        }
        return nil
    }

    private mutating func take(_ event: HTTP2Connection<GRPCCall>.Event) -> Request? {
        switch event {
        case .request(let id, let head, let ended): begin(id, head, ended: ended)
        case .data(let id, let bytes, let ended): return append(bytes, ended: ended, to: id)
        case .trailers(let id): return append(ByteBuffer(), ended: true, to: id)
        }
        return nil
    }

    private mutating func begin(_ id: UInt32, _ head: RequestHead, ended: Bool) {
        if let refusal = GRPCResponse.refusal(of: head) { return http2.respond(id, refusal) }
        guard let method = GRPCService.Method(rawValue: head.path) else { return end(id, .unknownMethod) }
        if ended { return end(id, .cardinality) }
        guard let index = http2.streams.index(of: id) else { return }
        http2.streams[index].call = .receiving(method, GRPCMessage())
    }

    private mutating func append(_ bytes: ByteBuffer, ended: Bool, to id: UInt32) -> Request? {
        guard let index = http2.streams.index(of: id), case .receiving(let method, var message)? = http2.streams[index].call
        else { return nil }
        http2.streams[index].call = .deciding  // gives up the second reference, so that the message grows in place
        do {
            try message.append(bytes, isLast: ended)
            if ended { return Request(stream: id, method: method, message: try message.finish()) }
            http2.streams[index].call = .receiving(method, message)
        } catch {
            end(id, error)
        }
        return nil
    }

    // MARK: Answering

    mutating func answer(_ reply: GRPCService.Reply, to id: UInt32) {
        switch reply {
        case .failure(let status):
            end(id, status)
        case .success(let message):
            http2.respond(
                id, GRPCResponse.head, bodySize: message.count + GRPCMessage.prefixSize, trailers: GRPCResponse.trailers
            ) { GRPCMessage.write(message, to: &$0) }
        }
    }

    private mutating func end(_ id: UInt32, _ status: GRPCStatus) {
        http2.respond(id, GRPCResponse.status(status))
    }

    // MARK: Time and the end

    mutating func expire(now: NIODeadline) {
        http2.expire(now: now)
        for id in http2.lateStreams { end(id, .tooSlow) }
    }
}
