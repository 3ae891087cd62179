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
        min(System.coreCount, allowedCores() ?? System.coreCount)
    }

    /// The cores of the process's affinity mask; `nil` where the system does not tell.
    private static func allowedCores() -> Int? {
        #if os(Linux)
        var mask = cpu_set_t()
        guard sched_getaffinity(0, MemoryLayout<cpu_set_t>.size, &mask) == 0 else { return nil }
        let count = withUnsafeBytes(of: mask) { bytes in bytes.reduce(0) { $0 + $1.nonzeroBitCount } }
        return count > 0 ? count : nil
        #else
        return nil
        #endif
    }
}
