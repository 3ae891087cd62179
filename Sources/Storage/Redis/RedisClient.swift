import AuthService
import NIOCore
import NIOPosix
import Synchronization

/// Asks Redis over one connection, which carries any number of commands at once (RESP pipelining), and opens it again when it has
/// ended. While nobody answers callers are told at once, but for one of them that tries.
final class RedisClient: Sendable {
    private struct State {
        var connection: RedisConnection?
        /// Those who come while it is being opened wait for the same.
        var opening: EventLoopFuture<RedisConnection>?
    }

    let configuration: RedisConfiguration
    private let servers: RedisServers
    private let breaker = CircuitBreaker("Redis", threshold: 1)
    private let state = Mutex(State())

    /// How often a command is sent to another server before it fails: it was not done by those that said so.
    private static let redirections = 5

    init(_ configuration: RedisConfiguration) {
        self.configuration = configuration
        servers = RedisServers(configuration)
    }

    deinit { state.withLock { $0.connection }?.close() }

    var isAway: Bool { breaker.isOpen }

    /// The answer to a command. An error reply comes as `RedisFailure.refused`.
    func send(_ command: [RedisArgument]) async throws(StoreFailure) -> Result<RESPValue, RedisRefusal> {
        try breaker.enter()
        do throws(RedisFailure) {
            let value = try await send(command, redirections: Self.redirections)
            breaker.succeeded()
            return .success(value)
        } catch {
            switch error {
            case .refused(let refusal):
                breaker.succeeded()
                return .failure(refusal)
            case .givenUp:
                // Whoever breaks off has learned nothing: nobody else is kept away for that.
                breaker.succeeded()
                throw StoreFailure(detail: error.detail)
            case .away:
                breaker.failed(error.detail)
                throw StoreFailure(detail: error.detail, mayPass: true)
            case .full, .denied:
                breaker.failed(error.detail)
                throw StoreFailure(detail: error.detail)
            }
        }
    }

    private func send(_ command: [RedisArgument], redirections: Int) async throws(RedisFailure) -> RESPValue {
        let connection = try await connection()
        do throws(RedisFailure) {
            return try await Self.outcome(of: connection.send(command, within: configuration.patience))
        } catch {
            guard case .refused(let refusal) = error, redirections > 0 else { throw error }
            if refusal.code == "ASK", !Self.isScript(command), let node = RedisServers.node(namedBy: refusal, of: connection) {
                return try await send(command, asking: node)
            }
            guard leave(connection, refusal) else { throw error }
            return try await send(command, redirections: redirections - 1)
        }
    }

    /// While a slot is on its way to another node some keys are here and some there. A script would see half of what it needs, and
    /// take for not there what is on the way: nothing is done then.
    private static func isScript(_ command: [RedisArgument]) -> Bool {
        guard case .text(let name) = command.first else { return false }
        return ["EVAL", "EVALSHA"].contains(name)
    }

    /// A key that is at the other node already: for this command alone.
    private func send(_ command: [RedisArgument], asking node: RedisAddress) async throws(RedisFailure) -> RESPValue {
        let connection = try await Self.outcome(of: servers.open(node))
        defer { connection.close() }
        _ = try await Self.outcome(of: connection.send(["ASKING"], within: configuration.patience))
        return try await Self.outcome(of: connection.send(command, within: configuration.patience))
    }

    /// Lets go of a server that does not hold our keys for writing.
    /// - Returns: whether another may do what this one has refused.
    private func leave(_ connection: RedisConnection, _ refusal: RedisRefusal) -> Bool {
        if refusal.code == "MOVED" {
            guard let node = RedisServers.node(namedBy: refusal, of: connection) else { return false }
            servers.remember(node)
        } else if !refusal.isOfAnotherServer {
            return false
        }
        drop(connection)
        return true
    }

    private func drop(_ connection: RedisConnection) {
        state.withLock { if $0.connection?.channel === connection.channel { $0.connection = nil } }
        // Others' commands may be on their way over it: they get their answers.
        connection.channel.eventLoop.scheduleTask(in: configuration.patience) { connection.close() }
    }

    /// A connection for commands that block, which nothing else may go over.
    func withOwnConnection(_ body: (RedisConnection) async throws(RedisFailure) -> Void) async throws(RedisFailure) {
        let connection = try await Self.outcome(of: servers.connect())
        defer { connection.close() }
        do throws(RedisFailure) { try await body(connection) } catch {
            if case .refused(let refusal) = error { _ = leave(connection, refusal) }
            throw error
        }
    }

    private func connection() async throws(RedisFailure) -> RedisConnection {
        if let connection = state.withLock({ $0.connection }), connection.isOpen { return connection }
        return try await Self.outcome(of: opening())
    }

    /// What is being opened already, or else is from now on.
    private func opening() -> EventLoopFuture<RedisConnection> {
        let promise = MultiThreadedEventLoopGroup.singleton.any().makePromise(of: RedisConnection.self)
        let current = state.withLock { state in
            let current = state.opening ?? promise.futureResult
            state.opening = current
            return current
        }
        guard current === promise.futureResult else {
            promise.fail(RedisFailure.givenUp)
            return current
        }
        servers.connect().whenComplete { [self] result in
            state.withLock { state in
                state.opening = nil
                state.connection = try? result.get()
            }
            promise.completeWith(result)
        }
        return current
    }

    /// Ends when the task is cancelled, too.
    static func outcome<Value: Sendable>(of future: EventLoopFuture<Value>) async throws(RedisFailure) -> Value {
        let promise = future.eventLoop.makePromise(of: Value.self)
        future.cascade(to: promise)
        do {
            return try await withTaskCancellationHandler {
                try await promise.futureResult.get()
            } onCancel: {
                promise.fail(RedisFailure.givenUp)
            }
        } catch {
            throw error as? RedisFailure ?? .away("\(error)")
        }
    }
}
