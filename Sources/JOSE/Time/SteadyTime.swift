#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A moment by a clock that nobody sets and that goes on while the process stands still. Read in a few nanoseconds, it is a few
/// milliseconds coarse.
package struct SteadyTime: Sendable, Hashable, Comparable {
    /// Since some moment before the start of the program.
    package var milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package static var now: SteadyTime {
        var moment = timespec()
        #if canImport(Darwin)
            clock_gettime(CLOCK_MONOTONIC_RAW_APPROX, &moment)
        #else
            clock_gettime(CLOCK_MONOTONIC_COARSE, &moment)
        #endif
        return SteadyTime(milliseconds: Int64(moment.tv_sec) &* 1000 &+ Int64(moment.tv_nsec) / 1_000_000)
    }

    package static func < (one: SteadyTime, other: SteadyTime) -> Bool { one.milliseconds < other.milliseconds }
}
