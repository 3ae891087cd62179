package import JOSE

/// Some hours of some days of the week, in one time zone.
package struct TimeWindow: Sendable, Equatable {
    /// 0 is Sunday.
    package var days: Set<Int>
    /// Seconds since midnight; the first that belongs to the window.
    package var from: Int64
    /// The first that no longer does; before `from` where the window ends on the day after.
    package var to: Int64
    /// Seconds that the zone's clocks are ahead of UTC.
    package var offset: Int64

    package init(days: Set<Int>, from: Int64, to: Int64, offset: Int64) {
        self.days = days
        self.from = from
        self.to = to
        self.offset = offset
    }

    package func contains(_ moment: UnixTime) -> Bool {
        let (day, second) = Self.day(of: moment.adding(offset))
        if from < to { return days.contains(day) && from <= second && second < to }
        return (days.contains(day) && from <= second) || (days.contains((day + 6) % 7) && second < to)
    }

    private static func day(of moment: UnixTime) -> (day: Int, second: Int64) {
        let length: Int64 = 86400
        let second = (moment.seconds % length + length) % length
        let days = moment.seconds / length - (moment.seconds % length < 0 ? 1 : 0)
        // The first of January 1970 was a Thursday.
        return (Int(truncatingIfNeeded: (days % 7 + 7 + 4) % 7), second)
    }
}
