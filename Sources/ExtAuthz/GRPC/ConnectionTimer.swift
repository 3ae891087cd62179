import NIOCore

/// The one timer of a connection: every second while something is going on, else once at the end of the idle time. So ten
/// thousand idle connections cost nothing, and a busy one costs no timer a call.
struct ConnectionTimer {
    private static let interval = TimeAmount.seconds(1)
    private static let lingering = TimeAmount.seconds(1)

    /// Since when the channel takes no bytes.
    var stalledSince: NIODeadline?
    private var scheduled: Scheduled<Void>?
    private var isShort = false

    /// Whether the client has not read for too long.
    func hasStalled(now: NIODeadline) -> Bool {
        stalledSince.map { now >= $0 + HTTP2Limits.patience } ?? false
    }

    /// To be called after every event. `tick` runs once.
    mutating func schedule(
        _ handler: GRPCConnectionHandler, _ context: ChannelHandlerContext, isWaiting: Bool, idleDeadline: NIODeadline
    ) {
        let isWaiting = isWaiting || stalledSince != nil
        if scheduled != nil, isShort || !isWaiting { return }
        start(handler, context, at: isWaiting ? context.eventLoop.now + Self.interval : idleDeadline)
        isShort = isWaiting
    }

    /// One tick more, for a connection that is to be closed by force.
    mutating func linger(_ handler: GRPCConnectionHandler, _ context: ChannelHandlerContext) {
        start(handler, context, at: context.eventLoop.now + Self.lingering)
    }

    mutating func stop() {
        scheduled?.cancel()
        scheduled = nil
    }

    /// The task has run.
    mutating func fired() { scheduled = nil }

    private mutating func start(_ handler: GRPCConnectionHandler, _ context: ChannelHandlerContext, at deadline: NIODeadline) {
        scheduled?.cancel()
        let bound = NIOLoopBound((handler, context), eventLoop: context.eventLoop)
        scheduled = context.eventLoop.scheduleTask(deadline: deadline) {
            let (handler, context) = bound.value
            handler.tick(context)
        }
    }
}
