import AuthService
import NIOCore

/// Moves bytes between a channel and its `HTTP1Connection`, and asks the service for the answers.
///
/// All that one read leads to is written at once when the read is complete. While the client does not take what we send,
/// nothing is read either.
final class CheckHTTPHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = Never
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let service: CheckHTTPService
    private var peer: HTTP1Peer?
    private var tally: CheckTally?
    private var connection = HTTP1Connection()
    private var timer = HTTP1Timer()
    /// Memory of the last output, for the next one.
    private var spare = ByteBuffer()
    private var readIsHeldBack = false
    private var isQuiescing = false
    /// The last bytes are written, or the channel is gone.
    private var isOver = false

    init(service: CheckHTTPService) {
        self.service = service
    }

    func handlerAdded(context: ChannelHandlerContext) {
        tally = service.meter?.tally(of: context.eventLoop)
        if context.channel.isActive { schedule(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        schedule(context)
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
            isQuiescing = true
            send(context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    // MARK: Reading

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver else { return }
        let bytes = unwrapInboundIn(data)
        tally?.received(bytes.readableBytes, overGRPC: false)
        connection.receive(bytes)
        serve(context)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        send(context)
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        if isOver || context.channel.isWritable && connection.takesMore { context.read() } else { readIsHeldBack = true }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        timer.stalledSince = context.channel.isWritable ? nil : context.eventLoop.now
        readAgain(context)
        context.fireChannelWritabilityChanged()
    }

    private func readAgain(_ context: ChannelHandlerContext) {
        guard readIsHeldBack, context.channel.isWritable, connection.takesMore else { return }
        readIsHeldBack = false
        context.read()
    }

    // MARK: Answering

    private func serve(_ context: ChannelHandlerContext) {
        while let request = connection.next() {
            let peer = peer ?? service.peer(context.remoteAddress)
            self.peer = peer
            let decision = service.check(request, from: peer, on: context.eventLoop, tally) { laterAnswer(context) }
            guard let decision else { return }
            connection.answer(decision)
        }
    }

    private func laterAnswer(_ context: ChannelHandlerContext) -> @Sendable (Decision) -> Void {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        return { decision in
            let (handler, context) = bound.value
            guard !handler.isOver else { return }
            handler.connection.answer(decision)
            handler.serve(context)
            handler.send(context)
            handler.readAgain(context)
        }
    }

    /// Writes what has gathered, and closes behind the last of it.
    private func send(_ context: ChannelHandlerContext) {
        guard !isOver else { return }
        if isQuiescing, !connection.isDeciding, !connection.isReceiving { connection.end() }
        isOver = connection.hasEnded
        let bytes = connection.takeOutput(next: spare)
        spare = ByteBuffer()
        tally?.sent(bytes.readableBytes, overGRPC: false)
        if isOver {
            close(context, behind: bytes)
        } else {
            if bytes.readableBytes > 0 {
                timer.answered(now: context.eventLoop.now)
                context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
            }
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
        timer.schedule(self, context, isReceiving: connection.isReceiving, isDeciding: connection.isDeciding)
    }

    /// Called by the timer.
    func tick(_ context: ChannelHandlerContext) {
        timer.fired()
        let now = context.eventLoop.now
        if isOver || timer.isLate(now: now, isReceiving: connection.isReceiving, isDeciding: connection.isDeciding) {
            return context.close(promise: nil)
        }
        schedule(context)
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
        connection.end()
    }
}
