/// The upper bounds of a histogram of durations, in nanoseconds, ascending.
package struct DurationBounds: Sendable {
    package let nanoseconds: [UInt64]

    /// From 5 µs, which is a decision out of memory, to the 10 s that a sign-in callback may take.
    package static let checks = DurationBounds(
        nanoseconds: [
            5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000, 5_000_000, 25_000_000, 100_000_000, 500_000_000,
            2_500_000_000, 10_000_000_000,
        ])

    /// From 250 µs to 10 s: stores and providers.
    package static let exchanges = DurationBounds(
        nanoseconds: [
            250_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000, 50_000_000, 100_000_000, 250_000_000,
            500_000_000, 1_000_000_000, 2_500_000_000, 5_000_000_000, 10_000_000_000,
        ])

    /// The bucket that a duration falls into; the one behind the last bound is that of all longer ones.
    package func bucket(_ duration: UInt64) -> Int {
        for index in nanoseconds.indices where duration <= nanoseconds[index] { return index }
        return nanoseconds.count
    }

    /// How many numbers a histogram takes: its buckets, and the sum.
    package var cells: Int { nanoseconds.count + 2 }
}

/// Nanoseconds in the base unit.
func seconds(_ nanoseconds: UInt64) -> Double { Double(nanoseconds) / 1e9 }
