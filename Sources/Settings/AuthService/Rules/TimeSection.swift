/// `authService.rules[].when.times[]`
enum TimeSection {
    static let days = Key.defaulted(
        "days", .list(of: dayNames), [], "`mon` … `sun`, or `mon-fri`; all days when missing.")
    static let from = Key.defaulted("from", clock, 0, "When it begins: `08:00`.")
    static let to = Key.defaulted("to", clock, 86400, "When it ends: `18:00`; on the next day where that is before `from`.")
    static let zone = Key.defaulted("zone", offset, 0, "`UTC`, or how far the clocks are ahead of it: `+02:00`.")

    static let section = Section("time", [days.listed, from.listed, to.listed, zone.listed]) { fields in
        let named = fields(days).flatMap { $0 }
        let range = TimeRange(
            days: named.isEmpty ? TimeRange.Day.allCases : TimeRange.Day.allCases.filter(named.contains), from: fields(from),
            to: fields(to), zone: fields(zone))
        if range.from == range.to || range.from == 86400 {
            fields.reading.error("the time has no length", "write `from` and `to` like `08:00` and `18:00`", at: fields.node)
        }
        return range
    }

    private static let dayNames = Shape<[TimeRange.Day]>.scalar(
        .object([("type", .text("string"))]), show: { _ in nil }, parse: days(named:))

    /// One day, or those from one to another.
    private static func days(named text: String) throws(Complaint) -> [TimeRange.Day] {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { TimeRange.Day(rawValue: String($0)) }
        let mend = "write `mon`, `tue`, `wed`, `thu`, `fri`, `sat`, `sun`, or `mon-fri`"
        guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1] else {
            throw Complaint("\(quoted(text)) is no day of the week", mend)
        }
        let all = TimeRange.Day.allCases + TimeRange.Day.allCases
        let start = all.firstIndex(of: first) ?? 0
        let end = all[start...].firstIndex(of: last) ?? start
        return Array(all[start...end])
    }

    private static let clock = Shape<Int64>.scalar(
        .object([("type", .text("string")), ("pattern", .text("^[0-9]{2}:[0-9]{2}$"))]),
        show: { .text(String($0 / 36000) + String($0 / 3600 % 10) + ":00") }
    ) { text throws(Complaint) in
        guard let seconds = seconds(of: text[...]), seconds <= 86400 else {
            throw Complaint("\(quoted(text)) is no time of day", "write it like `08:00`; the end of a day is `24:00`")
        }
        return seconds
    }

    private static let offset = Shape<Int64>.scalar(.object([("type", .text("string"))]), show: { _ in .text("UTC") }) {
        text throws(Complaint) in
        if text == "UTC" || text == "Z" { return 0 }
        guard let seconds = seconds(of: text.dropFirst()), seconds <= 14 * 3600, text.hasPrefix("+") || text.hasPrefix("-") else {
            throw Complaint("\(quoted(text)) is no zone", "write `UTC`, or how far it is from it: `+02:00`")
        }
        return text.hasPrefix("-") ? -seconds : seconds
    }

    /// `hh:mm`, minutes below 60.
    private static func seconds(of text: Substring) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count == 5, bytes[2] == UInt8(ascii: ":") else { return nil }
        let digits = [0, 1, 3, 4].map { Int64(bytes[$0]) - 0x30 }
        guard digits.allSatisfy({ (0...9).contains($0) }), digits[2] < 6 else { return nil }
        return (digits[0] * 10 + digits[1]) * 3600 + (digits[2] * 10 + digits[3]) * 60
    }
}
