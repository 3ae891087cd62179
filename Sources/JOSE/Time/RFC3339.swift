extension UnixTime {
    /// The moment in UTC as RFC 3339 has it, `2026-01-31T23:59:59Z`; before 1970 and after 9999 the nearest that has such a text.
    package var rfc3339: String {
        let seconds = min(max(seconds, 0), 253_402_300_799)
        let (day, time) = (seconds / 86400, seconds % 86400)
        // Days from civil, backwards: years begin in March, so that the odd day comes last.
        let shifted = day + 719_468
        let (era, dayOfEra) = (shifted / 146_097, shifted % 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let march = (5 * dayOfYear + 2) / 153
        let month = march < 10 ? march + 3 : march - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let date = "\(Self.digits(year, 4))-\(Self.digits(month, 2))-\(Self.digits(dayOfYear - (153 * march + 2) / 5 + 1, 2))"
        return "\(date)T\(Self.digits(time / 3600, 2)):\(Self.digits(time / 60 % 60, 2)):\(Self.digits(time % 60, 2))Z"
    }

    private static func digits(_ number: Int64, _ count: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
    }
}
