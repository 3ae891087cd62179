import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// How many event loops serve.
enum EventLoopCount {
    /// One a core that this process may run on. `taskset` and a service's CPU set count as a cgroup's quota does, which is all
    /// that NIO looks at: two loops on one core would only take it from each other.
    static func suggested() -> Int {
        #if os(Linux)
            min(System.coreCount, allowedCores(status: firstBytes(of: "/proc/self/status")) ?? System.coreCount)
        #else
            System.coreCount
        #endif
    }

    /// The cores in the affinity mask of /proc/PID/status, as `Cpus_allowed:\tff,ffffffff`; `nil` where it has none.
    static func allowedCores(status: String) -> Int? {
        let field = "Cpus_allowed:"
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix(field) }) else { return nil }
        let count = line.dropFirst(field.count).reduce(0) { $0 + ($1.hexDigitValue ?? 0).nonzeroBitCount }
        return count > 0 ? count : nil
    }

    #if os(Linux)
        private static func firstBytes(of path: String) -> String {
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return "" }
            defer { close(descriptor) }
            var bytes = [UInt8](repeating: 0, count: 16_384)
            let count = read(descriptor, &bytes, bytes.count)
            return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        }
    #endif
}
