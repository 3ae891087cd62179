import ExtAuthz
import HummingbirdCore
import Logging
import NIOCore
import Web

/// The beginning of a connection: for as long as it asks for published documents and nothing else, it is answered here, from the bytes
/// that were read, without Hummingbird's decoder, encoder and task. With the first request that is anything else, or that has not come
/// whole, the connection is Hummingbird's for good: it gets the bytes as they came.
final class DocumentConnection<Value: Sendable>: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let document: @Sendable (String) -> WebResponse?
    /// Adds Hummingbird's handlers behind this one.
    private let handOver: (any Channel) -> EventLoopFuture<Value>
    /// What Hummingbird has to handle; fails where the connection ends before.
    private let handedOver: EventLoopPromise<Value>
    private var isOver = false
    private var readIsHeldBack = false
    private var lastRead: NIODeadline?
    private var timer: Scheduled<Void>?

    /// As Hummingbird's own connections.
    static var idle: TimeAmount { .seconds(75) }

    init(
        document: @escaping @Sendable (String) -> WebResponse?, handedOver: EventLoopPromise<Value>,
        handOver: @escaping (any Channel) -> EventLoopFuture<Value>
    ) {
        self.document = document
        self.handedOver = handedOver
        self.handOver = handOver
    }

    func handlerAdded(context: ChannelHandlerContext) { schedule(context, in: Self.idle) }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent: closeBehindAnswers(context)
        case ChannelEvent.inputClosed where !isOver: handOver(context) { context.fireUserInboundEventTriggered(event) }
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    // MARK: Reading

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // Where the listener is ending nobody would handle what is handed over.
        guard !isOver else { return }
        var bytes = unwrapInboundIn(data)
        lastRead = context.eventLoop.now
        var answers = ByteBuffer()
        while let request = PlainGET.scan(bytes.readableBytesUInt8Span), let answer = document(request.target) {
            bytes.moveReaderIndex(forwardBy: request.size)
            PlainGET.answer(answer, date: HTTPDate.now, to: &answers)
        }
        if answers.readableBytes > 0 { context.writeAndFlush(wrapOutboundOut(answers), promise: nil) }
        if bytes.readableBytes > 0 { handOver(context) { context.fireChannelRead(wrapInboundOut(bytes)) } }
    }

    /// While the client takes no answers it is asked for no requests.
    func read(context: ChannelHandlerContext) {
        if context.channel.isWritable { context.read() } else { readIsHeldBack = true }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if readIsHeldBack, context.channel.isWritable {
            readIsHeldBack = false
            context.read()
        }
        context.fireChannelWritabilityChanged()
    }

    /// - Parameter pass: hands on what made it necessary.
    private func handOver(_ context: ChannelHandlerContext, _ pass: () -> Void) {
        let channel = context.channel
        let value = handOver(channel)
        value.whenFailure { _ in channel.close(promise: nil) }
        handedOver.completeWith(value)
        pass()
        if readIsHeldBack { context.read() }
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }

    // MARK: The end

    private func schedule(_ context: ChannelHandlerContext, in time: TimeAmount) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(in: time) {
            let (handler, context) = bound.value
            handler.tick(context)
        }
    }

    private func tick(_ context: ChannelHandlerContext) {
        guard !isOver else { return }
        let silent = lastRead.map { context.eventLoop.now - $0 } ?? Self.idle
        guard silent < Self.idle else { return context.close(promise: nil) }
        schedule(context, in: Self.idle - silent)
    }

    /// A client that does not take them holds nobody up for more than a second.
    private func closeBehindAnswers(_ context: ChannelHandlerContext) {
        isOver = true
        let channel = context.channel
        timer?.cancel()
        timer = context.eventLoop.scheduleTask(in: .seconds(1)) { channel.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer())).whenComplete { _ in channel.close(promise: nil) }
    }

    private func end() {
        isOver = true
        timer?.cancel()
        // Of no effect where it was handed over.
        handedOver.fail(ChannelError.eof)
    }
}

/// A connection of Hummingbird's that asks for documents first, and may never do anything else.
struct DocumentsChannel<Base: ServerChildChannel>: ServerChildChannel {
    /// A connection, and what becomes of it.
    struct Value: ServerChildChannelValue {
        let channel: any Channel
        let handedOver: EventLoopFuture<Base.Value>
    }

    let base: Base
    let document: @Sendable (String) -> WebResponse?

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let handedOver = channel.eventLoop.makePromise(of: Base.Value.self)
            let first = DocumentConnection(document: document, handedOver: handedOver) { [base, document] channel in
                base.setup(channel: channel, logger: logger).flatMapThrowing { value in
                    let pipeline = channel.pipeline.syncOperations
                    let last = try pipeline.handler(type: HTTPConnectionStateHandler.self)
                    try pipeline.addHandler(PublishedDocuments(document: document), position: .after(last))
                    return value
                }
            }
            try channel.pipeline.syncOperations.addHandler(first)
            return Value(channel: channel, handedOver: handedOver.futureResult)
        }
    }

    func handle(value: Value, logger: Logger) async {
        // A connection that ended before is nobody's to handle.
        guard let handedOver = try? await value.handedOver.get() else { return }
        await base.handle(value: handedOver, logger: logger)
    }
}
