/// All figures of one name, as Prometheus takes them (text format 0.0.4).
package struct MetricFamily: Sendable {
    package enum Kind: String, Sendable {
        case counter, gauge, histogram
    }

    package struct Sample: Sendable {
        /// Behind the family's name: `_bucket`, `_sum`, `_count` of a histogram.
        package var suffix = ""
        package var labels: [(name: String, value: String)] = []
        package var value: Double

        package init(_ value: Double, _ labels: [(name: String, value: String)] = [], suffix: String = "") {
            self.suffix = suffix
            self.labels = labels
            self.value = value
        }
    }

    package let name: String
    package let help: String
    package let kind: Kind
    package var samples: [Sample]

    /// - Parameters:
    ///   - name: `gatehouse_…`, with the base unit at its end, and `_total` behind a counter's.
    ///   - help: one line.
    package init(_ name: String, _ kind: Kind, _ help: String, _ samples: [Sample] = []) {
        self.name = name
        self.help = help
        self.kind = kind
        self.samples = samples
    }

    /// A histogram's samples.
    /// - Parameter cells: how many durations fell into each bucket, and their sum in nanoseconds behind them.
    package mutating func add(histogram cells: [UInt64], _ bounds: DurationBounds, _ labels: [(name: String, value: String)]) {
        guard cells.count == bounds.cells, let sum = cells.last else { return }
        var count: UInt64 = 0
        for (index, bucket) in cells.dropLast().enumerated() {
            count += bucket
            let bound = index < bounds.nanoseconds.count ? "\(seconds(bounds.nanoseconds[index]))" : "+Inf"
            samples.append(Sample(Double(count), labels + [("le", bound)], suffix: "_bucket"))
        }
        samples.append(Sample(seconds(sum), labels, suffix: "_sum"))
        samples.append(Sample(Double(count), labels, suffix: "_count"))
    }
}
