package import JOSE

/// Where replicas count together what somebody may try only so often. Every operation either has happened when it returns, or throws
/// `ProviderStoreFailure`.
package protocol TryStore: Sendable {
    /// Counts a try in each of the bounds, as one atomic step, if it is welcome in all of them.
    /// - Parameter tries: each name once.
    /// - Returns: seconds until it is welcome, with nothing counted; `nil`: it was counted.
    func take(_ tries: [BoundedTry], now: UnixTime) async throws(ProviderStoreFailure) -> Int64?

    /// Takes back what was counted, and forgets all that was counted under some names.
    func giveBack(_ tries: [BoundedTry], forgetting: [SecretDigest], now: UnixTime) async throws(ProviderStoreFailure)
}

/// A try, and how many of its kind are free. They are counted by the moment at which all that were taken have come back: one number a
/// name, which is over by itself.
package struct BoundedTry: Sendable {
    package let name: SecretDigest
    /// Milliseconds after which a try comes back.
    package let interval: Int64
    /// How far that moment may lie ahead for one more to be welcome, in milliseconds.
    package let room: Int64

    /// - Parameters:
    ///   - burst: how many are free at once.
    ///   - perMinute: how many of them come back in a minute.
    package init(_ name: SecretDigest, burst: Int64, perMinute: Int64) {
        self.name = name
        interval = 60_000 / max(1, perMinute)
        room = max(0, burst - 1) * interval
    }

    /// The moment as it counts: one that another machine's clock has put far ahead is no longer than a full bound.
    package func known(_ moment: Int64, now: Int64) -> Int64 { min(max(moment, now), now + room + interval) }

    /// Seconds, rounded up; `nil`: it is welcome.
    package func secondsToWait(_ moment: Int64, now: Int64) -> Int64? {
        let excess = known(moment, now: now) - now - room
        return excess > 0 ? (excess + 999) / 1000 : nil
    }
}

extension UnixTime {
    /// Since 1970; saturates.
    package var milliseconds: Int64 {
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        return overflow ? (seconds < 0 ? .min : .max) : product
    }
}
