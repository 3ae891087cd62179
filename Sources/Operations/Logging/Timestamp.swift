#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A moment in UTC, to the millisecond.
package struct Timestamp: Sendable {
    /// Since 1970-01-01T00:00:00Z.
    package let milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// The system's clock.
    package static let now: @Sendable () -> Timestamp = {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// Appends the time as RFC 3339 has it: `2026-01-31T23:59:59.123Z`.
    func write(to line: inout [UInt8]) {
        let (day, time) = milliseconds.flooredDivision(by: 86_400_000)
        let date = CivilDate(daysSinceEpoch: day)
        Self.write(date.year, digits: 4, to: &line)
        line.append(UInt8(ascii: "-"))
        Self.write(date.month, digits: 2, to: &line)
        line.append(UInt8(ascii: "-"))
        Self.write(date.day, digits: 2, to: &line)
        line.append(UInt8(ascii: "T"))
        Self.write(time / 3_600_000, digits: 2, to: &line)
        line.append(UInt8(ascii: ":"))
        Self.write(time / 60_000 % 60, digits: 2, to: &line)
        line.append(UInt8(ascii: ":"))
        Self.write(time / 1000 % 60, digits: 2, to: &line)
        line.append(UInt8(ascii: "."))
        Self.write(time % 1000, digits: 3, to: &line)
        line.append(UInt8(ascii: "Z"))
    }

    private static func write(_ number: Int64, digits: Int, to line: inout [UInt8]) {
        var divisor: Int64 = 1
        for _ in 1..<digits { divisor *= 10 }
        while divisor > 0 {
            line.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / divisor % 10))
            divisor /= 10
        }
    }
}

/// A day of the Gregorian calendar, by the arithmetic of "chrono-compatible low-level date algorithms" (days from civil).
private struct CivilDate {
    let year: Int64
    let month: Int64
    let day: Int64

    init(daysSinceEpoch: Int64) {
        // Years begin in March here, so that the leap day is the last one.
        let (era, dayOfEra) = (daysSinceEpoch + 719_468).flooredDivision(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }
}

extension Int64 {
    fileprivate func flooredDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
