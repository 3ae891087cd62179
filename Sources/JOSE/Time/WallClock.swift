#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What time it is: the system's clock, or a test's.
package struct WallClock: Sendable {
    private let read: @Sendable () -> UnixTime

    package init(_ read: @escaping @Sendable () -> UnixTime) { self.read = read }

    package var now: UnixTime { read() }

    package static let system = WallClock {
        var moment = timespec()
        clock_gettime(CLOCK_REALTIME, &moment)
        return UnixTime(seconds: Int64(moment.tv_sec))
    }
}
