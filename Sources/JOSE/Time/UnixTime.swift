/// A moment, in whole seconds since 1970-01-01T00:00:00Z (RFC 7519 NumericDate without its fraction). Arithmetic saturates: no
/// claim, however large, overflows.
package struct UnixTime: Sendable, Hashable, Comparable, CustomStringConvertible {
    package var seconds: Int64

    package init(seconds: Int64) { self.seconds = seconds }

    package static func < (one: UnixTime, other: UnixTime) -> Bool { one.seconds < other.seconds }

    package func adding(_ seconds: Int64) -> UnixTime {
        let (sum, overflow) = self.seconds.addingReportingOverflow(seconds)
        return UnixTime(seconds: overflow ? (seconds < 0 ? .min : .max) : sum)
    }

    /// Seconds from `earlier` to this moment; saturates.
    package func since(_ earlier: UnixTime) -> Int64 {
        let (difference, overflow) = seconds.subtractingReportingOverflow(earlier.seconds)
        return overflow ? (seconds < earlier.seconds ? .min : .max) : difference
    }

    package var description: String { String(seconds) }
}
