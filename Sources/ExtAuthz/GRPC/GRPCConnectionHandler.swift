import NIOCore

/// Moves bytes between a channel and its `GRPCConnection`, and asks the service for the replies.
///
/// All that one read leads to is written at once when the read is complete. While the client does not take what we send,
/// nothing is read either.
final class GRPCConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = Never
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let service: GRPCService
    /// Whether the peer is a trusted gateway; found out with its first request.
    private var isFromGateway: Bool?
    private var connection: GRPCConnection
    private var timer = ConnectionTimer()
    private var tally: CheckTally?
    /// Memory of the last output, for the next one.
    private var spare = ByteBuffer()
    private var readIsHeldBack = false
    /// The last bytes are written, or the channel is gone.
    private var isOver = false

    init(service: GRPCService, now: NIODeadline) {
        self.service = service
        connection = GRPCConnection(now: now)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        tally = service.meter?.tally(of: context.eventLoop)
        if context.channel.isActive { send(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        send(context)
        context.fireChannelActive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { stop() }

    func channelInactive(context: ChannelHandlerContext) {
        stop()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent {
            connection.http2.drain(now: context.eventLoop.now)
            send(context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    // MARK: Reading

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver else { return }
        let bytes = unwrapInboundIn(data)
        tally?.received(bytes.readableBytes, overGRPC: true)
        connection.receive(bytes, now: context.eventLoop.now)
        while let request = connection.next() {
            let isFromGateway = isFromGateway ?? service.isGateway(context.remoteAddress)
            self.isFromGateway = isFromGateway
            let reply = service.call(
                request.method, request.message, isFromGateway: isFromGateway, on: context.eventLoop, tally
            ) { laterReply(to: request.stream, context) }
            if let reply { connection.answer(reply, to: request.stream) }
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        send(context)
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        if isOver || context.channel.isWritable { context.read() } else { readIsHeldBack = true }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        let isWritable = context.channel.isWritable
        timer.stalledSince = isWritable ? nil : context.eventLoop.now
        if isWritable, readIsHeldBack {
            readIsHeldBack = false
            context.read()
        }
        context.fireChannelWritabilityChanged()
    }

    // MARK: Writing

    private func laterReply(to stream: UInt32, _ context: ChannelHandlerContext) -> @Sendable (GRPCService.Reply) -> Void {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        return { reply in
            let (handler, context) = bound.value
            guard !handler.isOver else { return }
            handler.connection.answer(reply, to: stream)
            handler.send(context)
        }
    }

    /// Writes what has gathered, and closes behind the last of it.
    private func send(_ context: ChannelHandlerContext) {
        guard !isOver else { return }
        connection.http2.finishLeaving()
        isOver = connection.http2.phase == .ended
        let bytes = connection.http2.takeOutput(next: spare)
        spare = ByteBuffer()
        tally?.sent(bytes.readableBytes, overGRPC: true)
        if isOver {
            close(context, behind: bytes)
        } else {
            if bytes.readableBytes > 0 { context.writeAndFlush(wrapOutboundOut(bytes), promise: nil) }
            keep(bytes)
            schedule(context)
        }
    }

    private func keep(_ bytes: consuming ByteBuffer) {
        guard bytes.capacity <= 64 * 1024 else { return }
        bytes.clear()
        spare = bytes
    }

    // MARK: Time and the end

    private func schedule(_ context: ChannelHandlerContext) {
        let isWaiting = connection.http2.isWaiting
        timer.schedule(self, context, isWaiting: isWaiting, idleDeadline: connection.http2.idleDeadline)
    }

    /// Called by the timer.
    func tick(_ context: ChannelHandlerContext) {
        timer.fired()
        guard !isOver else { return context.close(promise: nil) }
        let now = context.eventLoop.now
        if timer.hasStalled(now: now) { return context.close(promise: nil) }
        connection.expire(now: now)
        send(context)
    }

    /// Ends our side and waits a moment for the client to end its own: a socket that is closed with bytes unread loses what
    /// is on its way to the client.
    private func close(_ context: ChannelHandlerContext, behind bytes: ByteBuffer) {
        let written = context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        written.futureResult.whenComplete { _ in bound.value.close(mode: .output, promise: nil) }
        context.writeAndFlush(wrapOutboundOut(bytes), promise: written)
        timer.linger(self, context)
        if readIsHeldBack { context.read() }
    }

    private func stop() {
        isOver = true
        timer.stop()
        connection.http2.phase = .ended
    }
}
