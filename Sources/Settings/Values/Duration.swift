/// Whole seconds written as a number with a unit: `90s`, `5m`, `12h`, `7d`.
enum Duration {
    static let units: [(name: Character, seconds: Int64)] = [("d", 86400), ("h", 3600), ("m", 60), ("s", 1)]

    static func parse(_ text: String) throws(Complaint) -> Int64 {
        let mend = "write a whole number with a unit, such as `90s`, `5m`, `12h` or `7d`"
        guard let last = text.last, let unit = units.first(where: { $0.name == last }) else {
            throw Complaint("\(quoted(text)) is not a duration", mend)
        }
        let digits = text.dropLast()
        let isNumber = !digits.isEmpty && digits.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard isNumber else { throw Complaint("\(quoted(text)) is not a duration", mend) }
        guard let number = Int64(digits) else { throw Complaint("\(quoted(text)) is too long", "write a shorter duration") }
        let (seconds, overflow) = number.multipliedReportingOverflow(by: unit.seconds)
        if overflow { throw Complaint("\(quoted(text)) is too long", "write a shorter duration") }
        return seconds
    }

    /// In the largest unit that needs no fraction.
    static func text(_ seconds: Int64) -> String {
        let unit = units.first { seconds != 0 && seconds % $0.seconds == 0 } ?? ("s", 1)
        return "\(seconds / unit.seconds)\(unit.name)"
    }
}

extension Shape where Value == Int64 {
    /// A duration in seconds between two bounds.
    static func duration(atLeast least: Int64 = 1, atMost most: Int64) -> Shape {
        .scalar(
            .object([("type", .text("string")), ("pattern", .text("^[0-9]+[smhd]$"))]), show: { .text(Duration.text($0)) }
        ) { text throws(Complaint) in
            let seconds = try Duration.parse(text)
            guard seconds >= least else {
                throw Complaint("\(quoted(text)) is too short", "write at least `\(Duration.text(least))`")
            }
            guard seconds <= most else {
                throw Complaint("\(quoted(text)) is too long", "write at most `\(Duration.text(most))`")
            }
            return seconds
        }
    }
}
