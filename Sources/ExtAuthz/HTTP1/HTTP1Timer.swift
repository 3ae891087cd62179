import NIOCore

/// The one timer of a connection. It fires at the next moment at which the connection can be late, not at every request: ten
/// thousand idle connections cost nothing, and a busy one next to nothing.
struct HTTP1Timer {
    /// From the first byte of a request to the last one of its body, and for the client to take what we send.
    static let patience = TimeAmount.seconds(10)
    /// From one answer to the first byte of the next request.
    static let idle = TimeAmount.seconds(75)
    private static let lingering = TimeAmount.seconds(1)

    /// Since when the channel takes no bytes.
    var stalledSince: NIODeadline?
    private var receivingSince: NIODeadline?
    private var idleSince: NIODeadline?
    private var scheduled: Scheduled<Void>?
    private var deadline: NIODeadline?

    mutating func answered(now: NIODeadline) {
        idleSince = now
        receivingSince = nil
    }

    func isLate(now: NIODeadline, isReceiving: Bool, isDeciding: Bool) -> Bool {
        if let stalledSince, now >= stalledSince + Self.patience { return true }
        if isDeciding { return false }
        if isReceiving, let receivingSince { return now >= receivingSince + Self.patience }
        return idleSince.map { now >= $0 + Self.idle } ?? false
    }

    /// To be called after every event. The handler's `tick` runs once.
    mutating func schedule(_ handler: CheckHTTPHandler, _ context: ChannelHandlerContext, isReceiving: Bool, isDeciding: Bool) {
        if idleSince == nil { idleSince = context.eventLoop.now }
        if isReceiving {
            if receivingSince == nil { receivingSince = context.eventLoop.now }
        } else {
            receivingSince = nil
        }
        let isShort = isReceiving || stalledSince != nil
        if let deadline, !isShort || deadline <= context.eventLoop.now + Self.patience { return }
        start(handler, context, at: context.eventLoop.now + (isShort ? Self.patience : Self.idle))
    }

    /// One tick more, for a connection that is to be closed by force.
    mutating func linger(_ handler: CheckHTTPHandler, _ context: ChannelHandlerContext) {
        start(handler, context, at: context.eventLoop.now + Self.lingering)
    }

    mutating func stop() {
        scheduled?.cancel()
        fired()
    }

    /// The task has run.
    mutating func fired() {
        scheduled = nil
        deadline = nil
    }

    private mutating func start(_ handler: CheckHTTPHandler, _ context: ChannelHandlerContext, at deadline: NIODeadline) {
        scheduled?.cancel()
        self.deadline = deadline
        let bound = NIOLoopBound((handler, context), eventLoop: context.eventLoop)
        scheduled = context.eventLoop.scheduleTask(deadline: deadline) {
            let (handler, context) = bound.value
            handler.tick(context)
        }
    }
}
