package import NIOCore

/// Closes HTTP/1 connections that take too long: with a request that does not arrive whole, or with none at all.
///
/// Stands before the decoder, where it sees the first byte of a request; the request handler tells it the rest by outbound
/// events. It looks at the clock every `interval`, which is how exact the limits are.
package final class ConnectionTimeouts: ChannelDuplexHandler {
    package typealias InboundIn = ByteBuffer
    package typealias OutboundIn = ByteBuffer

    /// What the request handler reports, as outbound events.
    package enum Progress: Sendable {
        /// A request is here with its body.
        case received
        /// Its response is written.
        case answered
    }

    package struct Limits: Sendable {
        /// From the first byte of a request to the last one of its body.
        package var request: TimeAmount = .seconds(10)
        /// From one response to the first byte of the next request.
        package var idle: TimeAmount = .seconds(75)
        package var interval: TimeAmount = .seconds(5)

        package init() {}
    }

    private let limits: Limits
    private var deadline: NIODeadline?
    private var isIdle = true
    private var ticks: RepeatedTask?

    package init(limits: Limits) {
        self.limits = limits
    }

    package func handlerAdded(context: ChannelHandlerContext) {
        deadline = context.eventLoop.now + limits.idle
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        ticks = context.eventLoop.scheduleRepeatedTask(initialDelay: limits.interval, delay: limits.interval) { _ in
            let (handler, context) = bound.value
            handler.closeIfLate(context)
        }
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        stop()
    }

    package func channelInactive(context: ChannelHandlerContext) {
        stop()
        context.fireChannelInactive()
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isIdle {
            isIdle = false
            deadline = context.eventLoop.now + limits.request
        }
        context.fireChannelRead(data)
    }

    package func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        switch event as? Progress {
        case .received?:
            isIdle = false
            deadline = nil
            promise?.succeed()
        case .answered?:
            isIdle = true
            deadline = context.eventLoop.now + limits.idle
            promise?.succeed()
        case nil:
            context.triggerUserOutboundEvent(event, promise: promise)
        }
    }

    private func closeIfLate(_ context: ChannelHandlerContext) {
        guard let deadline, context.eventLoop.now >= deadline else { return }
        context.close(promise: nil)
    }

    private func stop() {
        ticks?.cancel()
        ticks = nil
    }
}
