/// A duration as Go writes it: `1h30m`, `20m0s`, `1.5h`.
package enum GoDuration {
    private static let units: [(name: String, milliseconds: Double)] = [
        ("ms", 1), ("h", 3_600_000), ("m", 60000), ("s", 1000),
    ]

    /// Whole seconds, rounded up; nil for anything else.
    package static func seconds(_ text: String) -> Int64? {
        var rest = text[...]
        var total = 0.0
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest[number.endIndex...]
            guard let value = Double(number), let unit = units.first(where: { rest.hasPrefix($0.name) }) else { return nil }
            rest = rest.dropFirst(unit.name.count)
            total += value * unit.milliseconds
        }
        return Int64(exactly: (total / 1000).rounded(.up))
    }
}
