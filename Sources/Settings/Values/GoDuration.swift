/// A duration as Go writes it: `1h30m`, `20m0s`, `1.5h`, `500ms`; a `0` needs no unit.
package enum GoDuration {
    private static let units: [(name: String, nanoseconds: Double)] = [
        ("ns", 1), ("us", 1e3), ("µs", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3600e9),
    ]

    /// Whole seconds, rounded up; nil for anything else.
    package static func seconds(_ text: String) -> Int64? {
        if text == "0" { return 0 }
        var (rest, total) = (text[...], 0.0)
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            let name = rest[number.endIndex...].prefix { $0.isLetter }
            rest = rest[name.endIndex...]
            guard let value = Double(number), let unit = units.first(where: { $0.name == name }) else { return nil }
            total += value * unit.nanoseconds
        }
        return Int64(exactly: (total / 1e9).rounded(.up))
    }
}
