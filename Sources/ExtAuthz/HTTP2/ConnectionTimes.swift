import NIOCore

/// When things have happened on a connection, for what may not take too long.
struct ConnectionTimes {
    /// The time of the current event.
    var now: NIODeadline
    let connected: NIODeadline
    var lastStreamOpened: NIODeadline
    /// The first byte of a frame that is not here whole.
    var frameStarted: NIODeadline?
    /// The last time that the client took bytes of a response that waits.
    var queueMoved: NIODeadline

    init(now: NIODeadline) {
        self.now = now
        connected = now
        lastStreamOpened = now
        queueMoved = now
    }
}

/// What ends a connection by time alone.
private struct ConnectionTimeout<Call> {
    let code: HTTP2ErrorCode
    let reason: String
    /// Since when we wait; `nil`: we do not.
    let since: @Sendable (HTTP2Connection<Call>) -> NIODeadline?

    static var all: [ConnectionTimeout<Call>] {
        [
            .init(code: .protocolError, reason: "no HTTP/2 preface in time") { $0.phase == .open ? nil : $0.times.connected },
            .init(code: .settingsTimeout, reason: "no ACK of SETTINGS") {
                $0.settingsAreAcknowledged ? nil : $0.times.connected
            },
            .init(code: .enhanceYourCalm, reason: "a frame that does not end") { $0.times.frameStarted },
            .init(code: .enhanceYourCalm, reason: "a header block that does not end") { $0.block?.startedAt },
            .init(code: .enhanceYourCalm, reason: "a response that is not taken") {
                $0.queue.responses > 0 ? $0.times.queueMoved : nil
            },
            .init(code: .noError, reason: "no answer to PING") {
                if case .announced(let time) = $0.drainState { time } else { nil }
            },
        ]
    }
}

extension HTTP2Connection {
    /// Ends what has taken too long. To be called about once a second while `isWaiting`, else at `idleDeadline`.
    mutating func expire(now: NIODeadline) {
        times.now = now
        guard phase != .ended else { return }
        for timeout in ConnectionTimeout<Call>.all {
            if let since = timeout.since(self), now >= since + HTTP2Limits.patience {
                return end(timeout.code, timeout.reason)
            }
        }
        if streams.isEmpty, now >= idleDeadline { drain(now: now) }
    }

    /// Whether something is going on that may take too long.
    var isWaiting: Bool {
        phase != .ended
            && (!streams.isEmpty || !settingsAreAcknowledged || phase != .open || times.frameStarted != nil || block != nil
                || drainState != .no)
    }

    var idleDeadline: NIODeadline { times.lastStreamOpened + HTTP2Limits.idle }

    /// The streams whose body has not come in time.
    var lateStreams: [UInt32] {
        streams.streams.filter { !$0.clientHasEnded && times.now >= $0.openedAt + HTTP2Limits.patience }.map(\.id)
    }
}
