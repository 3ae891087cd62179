/// Prometheus' text format, version 0.0.4.
package enum MetricsText {
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// Families without samples are left out.
    package static func write(_ families: [MetricFamily]) -> String {
        var text = ""
        for family in families where !family.samples.isEmpty {
            text += "# HELP \(family.name) \(escaped(family.help))\n# TYPE \(family.name) \(family.kind.rawValue)\n"
            for sample in family.samples {
                text += "\(family.name)\(sample.suffix)\(labels(sample.labels)) \(number(sample.value))\n"
            }
        }
        return text
    }

    private static func labels(_ labels: [(name: String, value: String)]) -> String {
        guard !labels.isEmpty else { return "" }
        return "{" + labels.map { "\($0.name)=\"\(escaped($0.value, quotes: true))\"" }.joined(separator: ",") + "}"
    }

    /// Counts without a fraction.
    private static func number(_ value: Double) -> String { Int64(exactly: value).map(String.init) ?? "\(value)" }

    private static func escaped(_ text: String, quotes: Bool = false) -> String {
        String(
            text.flatMap { character -> [Character] in
                switch character {
                case "\\": ["\\", "\\"]
                case "\n", "\r", "\r\n": ["\\", "n"]
                case "\"" where quotes: ["\\", "\""]
                default: [character]
                }
            })
    }
}
