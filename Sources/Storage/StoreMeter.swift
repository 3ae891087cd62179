package import Instruments

/// How long the store takes, and how often it does not answer.
package struct StoreMeter: Sendable {
    enum Operation: String {
        case read, write
    }

    private let durations = DurationMeter(
        "gatehouse_store_duration_seconds", "What the store was asked for, until its answer or its failure.",
        labels: ["operation"])
    private let failures = EventCounter(
        "gatehouse_store_errors_total", "What the store has failed to do.", labels: ["operation"])

    package init() {}

    func measure<Value: Sendable>(_ operation: Operation, _ body: () async throws -> Value) async throws -> Value {
        let began = ContinuousClock.now
        defer { durations.note(ContinuousClock.now - began, operation.rawValue) }
        do { return try await body() } catch {
            failures.add(operation.rawValue)
            throw error
        }
    }

    package var families: [MetricFamily] { [durations.family, failures.family] }
}
