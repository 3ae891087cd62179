import NIOCore

/// How a connection comes to its end in peace (RFC 9113 section 6.8).
extension HTTP2Connection {
    private var drainPing: UInt64 { 0x6761_7465_686f_7573 }

    /// Asks the client to open no further streams. Those on their way are served still; once the client has seen our
    /// message, the streams in flight are finished and `finishLeaving` ends the connection.
    mutating func drain(now: NIODeadline) {
        times.now = now
        guard phase != .ended, drainState == .no else { return }
        guard phase == .open else { return end(.noError, "") }
        output.writeGoAway(last: 0x7fff_ffff, .noError, "")
        output.writePing([], drainPing)
        drainState = .announced(at: now)
    }

    mutating func receivedPingAck(_ data: UInt64) {
        guard data == drainPing, case .announced = drainState else { return }
        output.writeGoAway(last: lastStream, .noError, "")
        drainState = .settled
    }

    /// To be called when all that was read is done: ends the connection if nothing is left to do on it.
    mutating func finishLeaving() {
        guard phase != .ended, streams.isEmpty, block == nil else { return }
        if drainState == .settled {
            phase = .ended
        } else if clientIsLeaving {
            end(.noError, "")
        }
    }
}
