import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Threads of their own for work that takes long, and a bounded queue in front of them: a flood of sign-ins delays sign-ins, and
/// nothing else. There is one a core, so that sign-ins may use the whole machine, but each gives way to the event loops.
package actor HashingPool {
    private let threads: NIOThreadPool
    private let limit: Int
    private var pending = 0

    /// - Parameters:
    ///   - threads: how many passwords are hashed at once.
    ///   - limit: how many may be hashed or wait for it.
    package init(threads: Int = System.coreCount, limit: Int? = nil) {
        let count = max(1, threads)
        self.threads = NIOThreadPool(numberOfThreads: count)
        self.limit = limit ?? count * 32
        self.threads.start()
    }

    /// NIO wants its pools shut down; what is running still ends.
    deinit { threads.shutdownGracefully { _ in } }

    /// The outcome of `work`; `nil`, without doing it, where too much waits already.
    func run<Outcome: Sendable>(_ work: @escaping @Sendable () -> Outcome) async -> Outcome? {
        guard pending < limit else { return nil }
        pending += 1
        defer { pending -= 1 }
        return try? await threads.runIfActive {
            Self.giveWay()
            return work()
        }
    }

    /// On Linux a thread has a priority of its own, and 0 means the calling one.
    private nonisolated static func giveWay() {
        #if canImport(Glibc)
            _ = setpriority(Int32(PRIO_PROCESS.rawValue), 0, niceness)
        #elseif canImport(Musl)
            _ = setpriority(PRIO_PROCESS, 0, niceness)
        #endif
    }

    /// Under load an event loop gets ten times the processor that such a thread does.
    private static let niceness: Int32 = 10
}
