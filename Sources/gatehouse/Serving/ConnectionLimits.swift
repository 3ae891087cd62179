#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// How many connections each listener may hold, from how many file descriptors the process may have.
struct ConnectionLimits: Sendable {
    /// Each of the two check listeners.
    let checks: Int
    /// The pages, and the administration.
    let pages: Int

    /// For the store, the log and the providers.
    private static let others = 256

    /// Takes all descriptors that the system allows: for the checks three eighths to each listener, for the others one.
    init() {
        let share = max(64, (Self.descriptors() - Self.others) / 8)
        checks = min(16_384, 3 * share)
        pages = min(4096, share)
    }

    private static func descriptors() -> Int {
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return 0 }
        limit.rlim_cur = limit.rlim_max
        _ = setrlimit(resource, &limit)
        guard getrlimit(resource, &limit) == 0 else { return 0 }
        return Int(clamping: limit.rlim_cur)
    }

    #if canImport(Glibc)
        private static var resource: Int32 { Int32(RLIMIT_NOFILE.rawValue) }
    #else
        private static var resource: Int32 { RLIMIT_NOFILE }
    #endif
}
