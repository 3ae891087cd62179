import NIOCore
import NIOPosix

/// Threads of their own for work that takes long, and a bounded queue in front of them: a flood of sign-ins delays sign-ins, and
/// nothing else.
package actor HashingPool {
    private let threads: NIOThreadPool
    private let limit: Int
    private var pending = 0

    /// - Parameters:
    ///   - threads: how many passwords are hashed at once.
    ///   - limit: how many may be hashed or wait for it.
    package init(threads: Int = max(1, System.coreCount - 1), limit: Int? = nil) {
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
        return try? await threads.runIfActive(work)
    }
}
