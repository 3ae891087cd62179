import Synchronization

/// Counts what happens seldom enough for a lock, by the values of a few labels.
package final class EventCounter: Sendable {
    private let name: String
    private let help: String
    private let labels: [String]
    private let counts = Mutex<[[String]: UInt64]>([:])

    /// Further combinations of values are left out: labels come from the configuration and our own words, and so are few.
    private static let limit = 1000

    package init(_ name: String, _ help: String, labels: [String]) {
        self.name = name
        self.help = help
        self.labels = labels
    }

    /// - Parameter values: of the labels, in their order.
    package func add(_ values: String...) { add(values) }

    private func add(_ values: [String]) {
        counts.withLock { counts in
            guard counts[values] != nil || counts.count < Self.limit else { return }
            counts[values, default: 0] += 1
        }
    }

    package var family: MetricFamily {
        let counts = counts.withLock { $0 }.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        return MetricFamily(
            name, .counter, help,
            counts.map { values, count in MetricFamily.Sample(Double(count), zip(labels, values).map { ($0, $1) }) })
    }
}
