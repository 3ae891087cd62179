import FoundationEssentials
import Instruments

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The figures that Prometheus' own clients tell of a process, by the same names.
enum ProcessFigures {
    static var families: [MetricFamily] {
        [cpu, startTime, memory, descriptors].compactMap { $0 }
    }

    private static let started = Date().timeIntervalSince1970

    /// To be called when the process starts.
    static func begin() { _ = started }

    private static var startTime: MetricFamily {
        MetricFamily("process_start_time_seconds", .gauge, "When the process started, since 1970.", [.init(started)])
    }

    private static var cpu: MetricFamily? {
        var time = timespec()
        guard clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return nil }
        let seconds = Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        return MetricFamily("process_cpu_seconds_total", .counter, "Time of the processor, of user and system.", [.init(seconds)])
    }

    private static var memory: MetricFamily? {
        let pages = (try? String(contentsOf: URL(filePath: "/proc/self/statm"), encoding: .utf8))?
            .split(separator: " ").dropFirst().first.flatMap { Double($0) }
        guard let pages else { return nil }
        let bytes = pages * Double(sysconf(Int32(_SC_PAGESIZE)))
        return MetricFamily("process_resident_memory_bytes", .gauge, "Memory that the process holds.", [.init(bytes)])
    }

    private static var descriptors: MetricFamily? {
        guard let open = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") else { return nil }
        return MetricFamily("process_open_fds", .gauge, "Open file descriptors.", [.init(Double(open.count))])
    }
}
