/// Where checks that need a store, a provider or a signature wait for it, off the event loops: at most `width` at once, at most
/// `limit` waiting. A full lane answers at once (the caller sheds with 503) instead of growing.
package final class SlowLane: Sendable {
    private let continuation: AsyncStream<@Sendable () async -> Void>.Continuation
    private let jobs: AsyncStream<@Sendable () async -> Void>
    private let width: Int

    /// - Parameters:
    ///   - width: how many jobs run at the same time.
    ///   - limit: how many jobs may wait.
    package init(width: Int, limit: Int) {
        self.width = width
        (jobs, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(limit))
    }

    /// Queues a job. `false`: the lane is full or closed, and the job will not run.
    package func submit(_ job: @escaping @Sendable () async -> Void) -> Bool {
        switch continuation.yield(job) {
        case .enqueued: true
        case .dropped, .terminated: false
        @unknown default: false
        }
    }

    /// Takes no further jobs; `run` returns when those queued have ended.
    package func close() {
        continuation.finish()
    }

    /// Runs the jobs until `close()`.
    package func run() async {
        await withTaskGroup(of: Void.self) { group in
            var running = 0
            for await job in jobs {
                if running >= width {
                    await group.next()
                    running -= 1
                }
                group.addTask { await job() }
                running += 1
            }
        }
    }
}
