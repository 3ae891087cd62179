#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// How many connections the process may hold, from how many file descriptors it may have.
enum DescriptorLimit {
    /// For the store, the log, the providers, and the pages.
    private static let others = 512
    private static let wanted = 16_384

    /// Takes all descriptors that the system allows, and returns what each of the two check listeners may have of them.
    static func connectionsOfAListener() -> Int {
        var limit = rlimit()
        guard getrlimit(descriptors, &limit) == 0 else { return 256 }
        limit.rlim_cur = limit.rlim_max
        _ = setrlimit(descriptors, &limit)
        guard getrlimit(descriptors, &limit) == 0 else { return 256 }
        let allowed = Int(clamping: limit.rlim_cur)
        return min(wanted, max(256, (allowed - others) / 2))
    }

    #if canImport(Glibc)
        private static var descriptors: Int32 { Int32(RLIMIT_NOFILE.rawValue) }
    #else
        private static var descriptors: Int32 { RLIMIT_NOFILE }
    #endif
}
