package import NIOCore
import NIOPosix

/// What blocks, done on threads of its own and not waited for longer than a given time.
package enum Bounded {
    /// Never shut down: the process ends when the report is printed.
    private static let threads: NIOThreadPool = {
        let threads = NIOThreadPool(numberOfThreads: 8)
        threads.start()
        return threads
    }()

    /// The outcome of `work`, or nil where it takes longer than `limit`; it may go on by itself then.
    package static func run<Value: Sendable>(_ limit: TimeAmount, _ work: @escaping @Sendable () -> Value) async -> Value? {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let promise = loop.makePromise(of: Value?.self)
        let timer = loop.scheduleTask(in: limit) { promise.succeed(nil) }
        threads.submit { _ in promise.succeed(work()) }
        defer { timer.cancel() }
        return (try? await promise.futureResult.get()) ?? nil
    }
}
