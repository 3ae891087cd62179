package import JOSE
import Synchronization

/// Counts failures by key (a user, a network) in buckets that empty by themselves: bounded in number, oldest forgotten.
package final class RateBound: Sendable {
    private struct Bucket {
        /// Failures that have not drained away yet, in 1/60 of a failure.
        var level: Int64
        var at: UnixTime
    }

    private struct State {
        var young: [String: Bucket] = [:]
        var old: [String: Bucket] = [:]
    }

    private let state = Mutex(State())
    private let capacity: Int
    private let burst: Int64
    private let perMinute: Int64

    /// - Parameters:
    ///   - capacity: keys that are remembered.
    ///   - burst: failures at once before the first wait.
    ///   - perMinute: how many of them a minute takes away again.
    package init(capacity: Int, burst: Int64, perMinute: Int64) {
        self.capacity = max(1, capacity / 2)
        self.burst = burst
        self.perMinute = max(1, perMinute)
    }

    /// Seconds until the next try is welcome; `nil`: it is now.
    package func secondsToWait(_ key: String, now: UnixTime) -> Int64? {
        state.withLock { secondsToWait(key, now, $0) }
    }

    /// Counts a failure.
    package func count(_ key: String, now: UnixTime) {
        state.withLock { count(key, now, &$0) }
    }

    /// Counts a try before anybody knows what comes of it, if it is welcome: of many at the same instant no more than the burst go
    /// on.
    /// - Returns: seconds to wait, with nothing counted; `nil`: go on.
    package func take(_ key: String, now: UnixTime) -> Int64? {
        state.withLock { state in
            if let seconds = secondsToWait(key, now, state) { return seconds }
            count(key, now, &state)
            return nil
        }
    }

    /// Takes back what `take` counted: the try was no failure.
    package func giveBack(_ key: String) {
        state.withLock { state in
            state.young[key]?.level -= 60
            if state.young[key] == nil { state.old[key]?.level -= 60 }
        }
    }

    /// Forgets a key, after a success.
    package func clear(_ key: String) {
        state.withLock { state in
            state.young[key] = nil
            state.old[key] = nil
        }
    }

    private func secondsToWait(_ key: String, _ now: UnixTime, _ state: State) -> Int64? {
        let excess = (drained(state.young[key] ?? state.old[key], now)?.level ?? 0) - (burst - 1) * 60
        // Rounded up: whoever waits so long is welcome then.
        return excess > 0 ? (excess + perMinute - 1) / perMinute : nil
    }

    private func count(_ key: String, _ now: UnixTime, _ state: inout State) {
        var bucket = drained(state.young[key] ?? state.old[key], now) ?? Bucket(level: 0, at: now)
        // Never far beyond the brim: whoever goes on in spite of the wait does not wait for ever.
        bucket.level = min(bucket.level + 60, (burst + 1) * 60)
        if state.young[key] == nil, state.young.count >= capacity {
            state.old = state.young
            state.young = [:]
        }
        state.young[key] = bucket
    }

    private func drained(_ bucket: Bucket?, _ now: UnixTime) -> Bucket? {
        guard let bucket else { return nil }
        let seconds = min(max(0, now.since(bucket.at)), 1 << 20)
        let level = bucket.level - seconds * perMinute
        return Bucket(level: max(0, level), at: now)
    }
}

extension RateBound {
    /// What counts as one network: an IPv4 address, or the /64 of an IPv6 address.
    package static func network(of address: String) -> String {
        let groups = address.split(separator: ":", omittingEmptySubsequences: false)
        guard groups.count > 2, !address.utf8.contains(UInt8(ascii: ".")) else { return address }
        guard let gap = address.firstRange(of: "::") else { return groups.prefix(4).joined(separator: ":") }
        let before = address[..<gap.lowerBound].split(separator: ":")
        let after = address[gap.upperBound...].split(separator: ":")
        let zeros = [Substring](repeating: "0", count: max(0, 8 - before.count - after.count))
        return (before + zeros + after).prefix(4).joined(separator: ":")
    }
}
