import AuthService
import NIOCore
import NIOHTTP1
import Web

/// Answers the requests of one HTTP/1 connection, one after the other (`HTTPServerPipelineHandler` holds the next back).
final class CheckHTTPHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private enum State {
        case idle
        case reading(HTTPRequestHead, CheckDialect)
        case deciding(HTTPRequestHead, CheckDialect)
        /// No further request is looked at; the connection closes.
        case closing
    }

    private let service: CheckHTTPService
    private var state = State.idle
    /// Of the request that is being read; apart from the state, so that it grows in place.
    private var body: [UInt8] = []

    init(service: CheckHTTPService) {
        self.service = service
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (unwrapInboundIn(data), state) {
        case (.head(let head), .idle):
            begin(head, context: context)
        case (.body(let bytes), .reading):
            read(bytes, context: context)
        case (.end, .reading(let head, let dialect)):
            context.triggerUserOutboundEvent(ConnectionTimeouts.Progress.received, promise: nil)
            decide(head, dialect, context: context)
        default:
            break  // the rest of a request that is answered already
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        state = .closing
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError, case .idle = state else {
            return refuseOrClose(error, context: context)
        }
        refuse(error == .headerOverflow ? .tooManyHeaders : .malformed, context: context)
    }

    /// A request whose body cannot be read gets its answer too; after an answer, and for all else, there is nothing to say.
    private func refuseOrClose(_ error: any Error, context: ChannelHandlerContext) {
        if error is HTTPParserError, case .reading = state {
            refuse(.malformed, context: context)
        } else {
            state = .closing
            context.close(promise: nil)
        }
    }

    // MARK: One request

    private func begin(_ head: HTTPRequestHead, context: ChannelHandlerContext) {
        guard let dialect = CheckDialect(target: head.uri) else { return refuse(.unknownPath, context: context) }
        if let length = head.headers.first(name: "content-length"), (Int(length) ?? .max) > RequestLimits.body {
            return refuse(.bodyTooLarge, context: context)
        }
        state = .reading(head, dialect)
        body.removeAll()
    }

    private func read(_ bytes: ByteBuffer, context: ChannelHandlerContext) {
        guard body.count + bytes.readableBytes <= RequestLimits.body else {
            return refuse(.bodyTooLarge, context: context)
        }
        body += bytes.readableBytesView
    }

    private func decide(_ head: HTTPRequestHead, _ dialect: CheckDialect, context: ChannelHandlerContext) {
        state = .deciding(head, dialect)
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        service.check(head, body, from: context.remoteAddress, by: dialect, on: context.eventLoop) { decision in
            let (handler, context) = bound.value
            handler.answer(decision, context: context)
        }
    }

    private func answer(_ decision: Decision, context: ChannelHandlerContext) {
        guard case .deciding(let head, let dialect) = state else { return }  // the client has gone
        let keepAlive = HTTP1Response.keepsAlive(head)
        state = keepAlive ? .idle : .closing
        write(dialect.reply(decision), to: head, keepAlive: keepAlive, context: context)
    }

    /// Answers before the request is read to its end, and closes.
    private func refuse(_ refusal: Refusal, context: ChannelHandlerContext) {
        state = .closing
        write(refusal.response, to: nil, keepAlive: false, context: context)
    }

    private func write(_ response: WebResponse, to head: HTTPRequestHead?, keepAlive: Bool, context: ChannelHandlerContext) {
        let (responseHead, body) = HTTP1Response.parts(response, to: head, keepAlive: keepAlive)
        // Before the end of the response: writing that can hand over the next request at once.
        context.triggerUserOutboundEvent(ConnectionTimeouts.Progress.answered, promise: nil)
        context.write(wrapOutboundOut(.head(responseHead)), promise: nil)
        if let body { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
        guard !keepAlive else { return context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil) }
        let written = context.eventLoop.makePromise(of: Void.self)
        let channel = context.channel
        written.futureResult.whenComplete { _ in channel.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    }
}
