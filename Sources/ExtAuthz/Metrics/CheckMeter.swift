package import Instruments
package import NIOCore
import Synchronization

/// What is counted of the checks of all event loops. Each has numbers of its own, which nobody waits for; they are summed here.
package final class CheckMeter: Sendable {
    private let layout: CheckLayout
    private let tallies = Mutex<[ObjectIdentifier: CheckTally]>([:])

    /// - Parameter rules: how many the configuration has.
    package init(rules: Int) { layout = CheckLayout(rules: rules) }

    /// The loop's own; to be asked for once a connection.
    package func tally(of eventLoop: any EventLoop) -> CheckTally {
        tallies.withLock { tallies in
            let id = ObjectIdentifier(eventLoop)
            if let known = tallies[id] { return known }
            let tally = CheckTally(layout)
            tallies[id] = tally
            return tally
        }
    }

    package var families: [MetricFamily] {
        let tallies = tallies.withLock { Array($0.values) }
        let sums = (0..<layout.count).map { index in tallies.reduce(0) { $0 &+ $1[index] } }
        return [decisions(sums), durations(sums)] + bytes(sums)
    }

    private func decisions(_ sums: [UInt64]) -> MetricFamily {
        var family = MetricFamily("gatehouse_decisions_total", .counter, "Checks that were decided, by outcome and rule.")
        for place in 0..<layout.sources {
            for outcome in CheckOutcomeLabel.allCases {
                let count = sums[layout.decision(outcome, place: place)]
                guard count > 0 else { continue }
                family.samples.append(
                    .init(Double(count), [("outcome", "\(outcome)"), ("rule", layout.label(place: place))]))
            }
        }
        return family
    }

    private func durations(_ sums: [UInt64]) -> MetricFamily {
        var family = MetricFamily(
            "gatehouse_check_duration_seconds", .histogram, "From a check's last byte to its decision, by gateway.")
        for gateway in CheckGateway.allCases {
            let start = layout.histogram(gateway)
            let cells = Array(sums[start..<start + DurationBounds.checks.cells])
            guard cells.contains(where: { $0 > 0 }) else { continue }
            family.add(histogram: cells, .checks, [("gateway", gateway.label)])
        }
        return family
    }

    private func bytes(_ sums: [UInt64]) -> [MetricFamily] {
        func samples(_ index: (Bool) -> Int) -> [MetricFamily.Sample] {
            [("grpc", true), ("http", false)].map { .init(Double(sums[index($0.1)]), [("protocol", $0.0)]) }
        }
        return [
            MetricFamily(
                "gatehouse_check_received_bytes_total", .counter, "Bytes that gateways have sent, without TLS.",
                samples(layout.received)),
            MetricFamily(
                "gatehouse_check_sent_bytes_total", .counter, "Bytes that gateways were sent, without TLS.",
                samples(layout.sent)),
        ]
    }
}
