import Synchronization

/// How long something takes that is slow enough for a lock, by the values of a few labels.
package final class DurationMeter: Sendable {
    private let name: String
    private let help: String
    private let labels: [String]
    private let bounds = DurationBounds.exchanges
    private let histograms = Mutex<[[String]: [UInt64]]>([:])

    /// As `EventCounter`'s.
    private static let limit = 1000

    package init(_ name: String, _ help: String, labels: [String]) {
        self.name = name
        self.help = help
        self.labels = labels
    }

    /// - Parameter values: of the labels, in their order.
    package func note(_ duration: Duration, _ values: String...) {
        let parts = duration.components
        let nanoseconds = UInt64(clamping: parts.seconds) &* 1_000_000_000 &+ UInt64(clamping: parts.attoseconds / 1_000_000_000)
        note(nanoseconds, values)
    }

    private func note(_ nanoseconds: UInt64, _ values: [String]) {
        histograms.withLock { histograms in
            guard histograms[values] != nil || histograms.count < Self.limit else { return }
            var cells = histograms[values] ?? Array(repeating: 0, count: bounds.cells)
            cells[bounds.bucket(nanoseconds)] += 1
            cells[bounds.cells - 1] &+= nanoseconds
            histograms[values] = cells
        }
    }

    package var family: MetricFamily {
        var family = MetricFamily(name, .histogram, help)
        for (values, cells) in histograms.withLock({ $0 }).sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            family.add(histogram: cells, bounds, zip(labels, values).map { ($0, $1) })
        }
        return family
    }
}
