/// Until when a call of a store has to be answered.
package struct Deadline: Sendable {
    private let end: ContinuousClock.Instant

    package init(in duration: Duration) { end = .now.advanced(by: duration) }

    /// The earlier of this one and one `duration` from now.
    package func within(_ duration: Duration) -> Deadline {
        let other = Deadline(in: duration)
        return other.end < end ? other : self
    }

    package var hasPassed: Bool { ContinuousClock.now >= end }

    /// As `poll` takes them: what is left, in whole milliseconds, of which a started one counts; 0 where it has passed.
    package var milliseconds: Int32 {
        let left = end - .now
        guard left > .zero else { return 0 }
        let (seconds, attoseconds) = left.components
        return Int32(clamping: seconds &* 1000 &+ attoseconds / 1_000_000_000_000_000 &+ 1)
    }
}
