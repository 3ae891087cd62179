package import AuthService
import NIOPosix
import Synchronization

/// Connections to one server, each used on a thread of the pool's own, for libraries whose calls block. What waits for a thread is
/// bounded, in number and in time.
package final class BlockingPool<Connection: BlockingConnection>: Sendable {
    private struct State {
        /// Calls that have a thread, or wait for one.
        var calls = 0
        var open = 0
        /// The one that was used last is the last.
        var idle: [Connection] = []
    }

    private let server: String
    private let limits: BlockingLimits
    private let threads: NIOThreadPool
    private let open: @Sendable (Deadline) throws -> Connection
    private let breaker: CircuitBreaker
    private let state = Mutex(State())

    /// - Parameters:
    ///   - server: for messages.
    ///   - open: on a thread of the pool; everything that it throws means that the server is away.
    package init(
        _ server: String, limits: BlockingLimits, breaker: CircuitBreaker? = nil,
        open: @escaping @Sendable (Deadline) throws -> Connection
    ) {
        self.server = server
        self.limits = limits
        self.open = open
        self.breaker = breaker ?? CircuitBreaker(server)
        threads = NIOThreadPool(numberOfThreads: max(1, limits.connections))
        threads.start()
    }

    /// NIO wants its pools shut down; what is running still ends.
    deinit { threads.shutdownGracefully { _ in } }

    /// What `body` returns, on one of the threads. Throws without calling it where the server is known to be away, too much waits
    /// already, or it was not its turn in time.
    /// - Parameter body: is called once. A `ConnectionFailure` of it ends the connection; with every other error it goes on.
    package func run<Value: Sendable>(
        _ body: @escaping @Sendable (Connection, Deadline) throws -> Value
    ) async throws(StoreFailure) -> Value {
        try breaker.check()
        try begin()
        defer { state.withLock { $0.calls -= 1 } }
        let deadline = Deadline(in: limits.time)
        let outcome: Result<Value, StoreFailure>
        do { outcome = try await threads.runIfActive { self.perform(body, deadline) } } catch {
            throw StoreFailure(detail: "\(server) was not asked: the call was given up")
        }
        return try outcome.get()
    }

    private func begin() throws(StoreFailure) {
        let isAdmitted = state.withLock { state in
            guard state.calls < limits.connections + limits.waiting else { return false }
            state.calls += 1
            return true
        }
        guard isAdmitted else { throw StoreFailure(detail: "too much waits for \(server) already") }
    }

    private func perform<Value>(
        _ body: (Connection, Deadline) throws -> Value, _ deadline: Deadline
    ) -> Result<Value, StoreFailure> {
        guard !deadline.hasPassed else {
            return .failure(StoreFailure(detail: "\(server) was not asked: others took too long"))
        }
        do throws(StoreFailure) { try breaker.enter() } catch { return .failure(error) }
        let connection: Connection
        do { connection = try takeIdle() ?? openAnother(deadline) } catch { return .failure(lost(error)) }
        do {
            let value = try body(connection, deadline)
            putBack(connection)
            return .success(value)
        } catch let failure as ConnectionFailure {
            dropIdle()
            return .failure(lost(failure))
        } catch {
            putBack(connection)
            return .failure(error as? StoreFailure ?? StoreFailure(detail: "\(server): \(error)"))
        }
    }

    private func lost(_ error: any Error) -> StoreFailure {
        let detail = (error as? ConnectionFailure)?.detail ?? (error as? StoreFailure)?.detail ?? "\(error)"
        breaker.failed(detail)
        return StoreFailure(detail: "\(server): \(detail)", mayPass: (error as? ConnectionFailure)?.mayPass ?? false)
    }

    private func takeIdle() -> Connection? {
        while let connection = state.withLock({ $0.idle.popLast() }) {
            if connection.isUsable { return connection }
            state.withLock { $0.open -= 1 }
        }
        return nil
    }

    /// With one that has been lost: what else is idle goes to the same server, and may only seem to be there.
    private func dropIdle() {
        let dropped = state.withLock { state in
            defer { state.idle = [] }
            state.open -= 1 + state.idle.count
            return state.idle
        }
        // They are closed here, where nobody waits for the lock.
        withExtendedLifetime(dropped) {}
    }

    private func openAnother(_ deadline: Deadline) throws -> Connection {
        let connection = try open(deadline)
        state.withLock { $0.open += 1 }
        return connection
    }

    private func putBack(_ connection: Connection) {
        breaker.succeeded()
        let isUsable = connection.isUsable
        state.withLock { state in
            if isUsable { state.idle.append(connection) } else { state.open -= 1 }
        }
    }

    /// How much of it is in use.
    package struct Figures: Sendable, Equatable {
        package var open: Int
        package var idle: Int
        /// Calls that have a connection, or wait for one.
        package var calls: Int
        /// Whether the server is away, as far as is known.
        package var isAway: Bool

        package init(open: Int, idle: Int, calls: Int, isAway: Bool) {
            self.open = open
            self.idle = idle
            self.calls = calls
            self.isAway = isAway
        }
    }

    package var figures: Figures {
        let isAway = breaker.isOpen
        return state.withLock { Figures(open: $0.open, idle: $0.idle.count, calls: $0.calls, isAway: isAway) }
    }
}

/// How many calls a pool makes, and for how long.
package struct BlockingLimits: Sendable, Equatable {
    /// At once; as many threads and connections.
    package var connections: Int
    /// How many more may wait for one.
    package var waiting: Int
    /// After which a call has failed, the wait for its turn included.
    package var time: Duration

    package init(connections: Int, waiting: Int = 4096, time: Duration) {
        self.connections = connections
        self.waiting = waiting
        self.time = time
    }
}
