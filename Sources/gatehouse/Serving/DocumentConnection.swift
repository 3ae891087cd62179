import ExtAuthz
import HummingbirdCore
import Logging
import NIOCore
import Web

/// The beginning of a connection: for as long as it asks for published documents and nothing else, it is answered here, from the bytes
/// that were read, without Hummingbird's decoder, encoder and task. With the first request that is anything else, that has not come
/// whole, or that comes while the client takes no answers, the connection is Hummingbird's for good: it gets the bytes as they came.
final class DocumentConnection<Value: Sendable>: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum State {
        case documents
        /// All that comes is for the handlers behind this one, which is on its way out.
        case handedOver
        /// Closing, or closed: nobody would handle what was handed over.
        case over
    }

    private let document: @Sendable (String) -> WebResponse?
    /// Adds Hummingbird's handlers behind this one.
    private let addHandlers: (any Channel) -> EventLoopFuture<Value>
    /// What Hummingbird has to handle; fails where the connection ends before.
    private let handedOver: EventLoopPromise<Value>
    private var state = State.documents
    private var isToBeFlushed = false
    private var lastRead: NIODeadline?
    private var timer: Scheduled<Void>?

    /// As Hummingbird's own connections.
    static var idle: TimeAmount { .seconds(75) }
    /// Bytes of answers to one read: whoever asks for more at once has to take them first.
    private static var mostAnswered: Int { 64 * 1024 }

    init(
        document: @escaping @Sendable (String) -> WebResponse?, handedOver: EventLoopPromise<Value>,
        addHandlers: @escaping (any Channel) -> EventLoopFuture<Value>
    ) {
        self.document = document
        self.handedOver = handedOver
        self.addHandlers = addHandlers
    }

    func handlerAdded(context: ChannelHandlerContext) { schedule(context, in: Self.idle) }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch (state, event) {
        // A client that does not take what it asked for holds nobody up for more than a second.
        case (.documents, is ChannelShouldQuiesceEvent): closeBehindAnswers(context, within: .seconds(1))
        case (.documents, ChannelEvent.inputClosed): closeBehindAnswers(context, within: Self.idle)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    // MARK: Reading

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch state {
        case .documents:
            lastRead = context.eventLoop.now
            var bytes = unwrapInboundIn(data)
            answer(&bytes, context)
            // Nothing is flushed before: that may read, and close.
            if bytes.readableBytes > 0 { handOver(bytes, context) }
        case .handedOver: context.fireChannelRead(data)
        case .over: break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.fireChannelReadComplete()
        flush(context)
    }

    /// Takes the requests for documents at the beginning of `bytes`.
    private func answer(_ bytes: inout ByteBuffer, _ context: ChannelHandlerContext) {
        guard context.channel.isWritable else { return }
        var answers = ByteBuffer()
        while answers.readableBytes < Self.mostAnswered, let request = PlainGET.scan(bytes.readableBytesUInt8Span),
            let answer = document(request.target)
        {
            bytes.moveReaderIndex(forwardBy: request.size)
            PlainGET.answer(answer, date: HTTPDate.now, to: &answers)
        }
        guard answers.readableBytes > 0 else { return }
        isToBeFlushed = true
        context.write(wrapOutboundOut(answers), promise: nil)
    }

    private func flush(_ context: ChannelHandlerContext) {
        guard isToBeFlushed else { return }
        isToBeFlushed = false
        context.flush()
    }

    private func handOver(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        let channel = context.channel
        guard channel.isActive else { return }
        state = .handedOver
        let value = addHandlers(channel)
        value.whenFailure { _ in channel.close(promise: nil) }
        handedOver.completeWith(value)
        // The new handlers take the channel for writable until they hear of it.
        if !channel.isWritable { context.fireChannelWritabilityChanged() }
        context.fireChannelRead(wrapInboundOut(bytes))
        flush(context)
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
        guard case .documents = state else { return }
        let silent = lastRead.map { context.eventLoop.now - $0 } ?? Self.idle
        guard silent < Self.idle else { return context.close(promise: nil) }
        schedule(context, in: Self.idle - silent)
    }

    private func closeBehindAnswers(_ context: ChannelHandlerContext, within time: TimeAmount) {
        state = .over
        let channel = context.channel
        timer?.cancel()
        timer = context.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer())).whenComplete { _ in channel.close(promise: nil) }
    }

    private func end() {
        timer?.cancel()
        guard case .handedOver = state else {
            state = .over
            return handedOver.fail(ChannelError.eof)
        }
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
        let handedOver = await withTaskCancellationHandler {
            // A connection that ended before is nobody's to handle.
            try? await value.handedOver.get()
        } onCancel: {
            value.channel.close(promise: nil)
        }
        guard let handedOver else { return }
        await base.handle(value: handedOver, logger: logger)
    }
}
