import NIOCore

/// How much a client may send of what costs us more than it costs the client. Spent by frames, earned by time and by calls
/// that ended well: a busy gateway that resets some calls is no attack.
struct FloodLimit {
    private let capacity: Int
    private let perSecond: Int
    private let perCall: Int
    private var left: Int
    private var earnedAt: NIODeadline

    init(capacity: Int, perSecond: Int, perCall: Int, now: NIODeadline) {
        self.capacity = capacity
        self.perSecond = perSecond
        self.perCall = perCall
        left = capacity
        earnedAt = now
    }

    /// `false`: it is too much.
    mutating func spend(now: NIODeadline) -> Bool {
        if left == 0 { earn(until: now) }
        guard left > 0 else { return false }
        left -= 1
        return true
    }

    mutating func callEnded() {
        left = min(capacity, left + perCall)
    }

    private mutating func earn(until now: NIODeadline) {
        let seconds = (now - earnedAt).nanoseconds / 1_000_000_000
        guard seconds > 0 else { return }
        left = min(capacity, left + Int(min(seconds, 3600)) * perSecond)
        earnedAt = now
    }
}

/// The limits of one connection.
struct FloodLimits {
    /// Streams that were reset by the client, or by us for an error of the client's.
    var resets: FloodLimit
    var pings: FloodLimit
    var settings: FloodLimit
    /// Frames that carry nothing forward: PRIORITY, WINDOW_UPDATE, DATA without data, kinds that we do not know.
    var idleFrames: FloodLimit

    init(now: NIODeadline) {
        resets = FloodLimit(capacity: 200, perSecond: 20, perCall: 1, now: now)
        pings = FloodLimit(capacity: 100, perSecond: 10, perCall: 1, now: now)
        settings = FloodLimit(capacity: 50, perSecond: 1, perCall: 0, now: now)
        idleFrames = FloodLimit(capacity: 10_000, perSecond: 1000, perCall: 10, now: now)
    }

    mutating func callEnded() {
        resets.callEnded()
        pings.callEnded()
        idleFrames.callEnded()
    }
}
