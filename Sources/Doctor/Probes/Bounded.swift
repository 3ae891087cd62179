import Foundation
import NIOCore
import NIOPosix

/// What is not waited for longer than a given time. It may go on by itself then: the process ends when the report is printed.
package enum Bounded {
    /// The outcome of work that blocks, on a thread of its own: nobody's silence uses up another's time. nil: it takes too long.
    package static func run<Value: Sendable>(_ limit: Duration, _ work: @escaping @Sendable () -> Value) async -> Value? {
        await outcome(limit) { promise in Thread.detachNewThread { promise.succeed(work()) } }
    }

    /// The same for work that waits for others.
    package static func wait<Value: Sendable>(
        _ limit: Duration, _ work: @escaping @Sendable () async -> Value
    ) async -> Value? {
        await outcome(limit) { promise in Task.detached { promise.succeed(await work()) } }
    }

    private static func outcome<Value: Sendable>(
        _ limit: Duration, _ begin: (EventLoopPromise<Value?>) -> Void
    ) async -> Value? {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let promise = loop.makePromise(of: Value?.self)
        let timer = loop.scheduleTask(in: TimeAmount(limit)) { promise.succeed(nil) }
        defer { timer.cancel() }
        begin(promise)
        return (try? await promise.futureResult.get()) ?? nil
    }
}
