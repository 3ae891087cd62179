import JOSE
import Logging
import Synchronization

/// The connections to one directory. They are used on threads of their own, never on an event loop; what waits for a thread is
/// bounded.
final class LDAPPool: Sendable {
    /// What a connection is for. Those that try passwords are bound as whoever signed in last.
    enum Purpose: Int, CaseIterable {
        case search, passwords
    }

    private struct Idle {
        let connection: LDAPConnection
        let since: UnixTime
    }

    private struct State {
        var idle: [Purpose: [Idle]] = [:]
        /// The server that answered last, while the first one is away.
        var preferred = 0
        var preferredUntil = UnixTime(seconds: 0)
    }

    private let configuration: LDAPConfiguration
    private let threads: HashingPool
    private let clock: WallClock
    private let logger: Logger
    private let state = Mutex(State())

    private static let width = 16
    private static let limit = 512
    /// Seconds. Servers and firewalls drop what is idle for long.
    private static let idleLimit: Int64 = 60
    /// Seconds after which the first server is tried again first.
    private static let returnAfter: Int64 = 30

    init(_ configuration: LDAPConfiguration, clock: WallClock, logger: Logger) {
        self.configuration = configuration
        threads = HashingPool(threads: Self.width, limit: Self.limit)
        self.clock = clock
        self.logger = logger
    }

    /// What `body` returns or throws; nil, without calling it, where too much waits already.
    func run<Outcome: Sendable>(
        _ body: @escaping @Sendable (LDAPTurn) throws(LDAPFailure) -> Outcome
    ) async -> Result<Outcome, LDAPFailure>? {
        let turn = LDAPTurn(pool: self, deadline: LDAPDeadline(in: configuration.limits.signIn))
        return await threads.run {
            do throws(LDAPFailure) {
                // It may have waited for a thread until now.
                try turn.deadline.check()
                return .success(try body(turn))
            } catch { return .failure(error) }
        }
    }

    /// Calls `body` with a connection, on a thread of `run`. One that has gone bad while it was idle is replaced, once; where a
    /// server fails in the middle, the next one is asked.
    func with<Outcome>(
        _ purpose: Purpose, until deadline: LDAPDeadline, _ body: (LDAPConnection) throws(LDAPFailure) -> Outcome
    ) throws(LDAPFailure) -> Outcome {
        if let connection = takeIdle(purpose) {
            connection.deadline = deadline
            do throws(LDAPFailure) { return try use(connection, purpose, body) } catch {
                guard error.isTransient else { throw error }
                // What else is idle goes to the same server.
                state.withLock { $0.idle[purpose] = [] }
            }
        }
        return try withNew(purpose, until: deadline, body)
    }

    private func use<Outcome>(
        _ connection: LDAPConnection, _ purpose: Purpose, _ body: (LDAPConnection) throws(LDAPFailure) -> Outcome
    ) throws(LDAPFailure) -> Outcome {
        let outcome: Outcome
        do throws(LDAPFailure) { outcome = try body(connection) } catch {
            if !error.isSpent { putBack(connection, purpose) }
            throw error
        }
        putBack(connection, purpose)
        return outcome
    }

    private func takeIdle(_ purpose: Purpose) -> LDAPConnection? {
        let oldest = clock.now.adding(-Self.idleLimit)
        return state.withLock { state in
            // The newest is the last.
            guard let idle = state.idle[purpose]?.popLast() else { return nil }
            if idle.since > oldest { return idle.connection }
            state.idle[purpose] = []
            return nil
        }
    }

    private func putBack(_ connection: LDAPConnection, _ purpose: Purpose) {
        let idle = Idle(connection: connection, since: clock.now)
        state.withLock { state in
            if state.idle[purpose, default: []].count < Self.width { state.idle[purpose, default: []].append(idle) }
        }
    }

    // MARK: Opening

    /// With the servers in order, from the one that answered last.
    private func withNew<Outcome>(
        _ purpose: Purpose, until deadline: LDAPDeadline, _ body: (LDAPConnection) throws(LDAPFailure) -> Outcome
    ) throws(LDAPFailure) -> Outcome {
        let count = configuration.hosts.count
        let now = clock.now
        let first = state.withLock { $0.preferredUntil > now ? $0.preferred : 0 }
        var last = LDAPFailure(isTransient: false, "there is no server")
        for step in 0..<count {
            let index = (first + step) % count
            // Nobody asks the server any more: there is nothing to be said of it.
            try deadline.check()
            let connection: LDAPConnection
            do throws(LDAPFailure) {
                connection = try open(purpose, to: configuration.hosts[index], until: deadline)
            } catch {
                last = noted(error)
                continue
            }
            prefer(index, now)
            do throws(LDAPFailure) { return try use(connection, purpose, body) } catch {
                guard error.isTransient else { throw error }
                last = noted(error)
            }
        }
        throw last
    }

    private func prefer(_ index: Int, _ now: UnixTime) {
        state.withLock { state in
            state.preferred = index
            if index != 0, state.preferredUntil <= now { state.preferredUntil = now.adding(Self.returnAfter) }
        }
    }

    private func noted(_ failure: LDAPFailure) -> LDAPFailure {
        logger.warning("a directory's server cannot be used", metadata: ["reason": "\(failure.detail)"])
        return failure
    }

    private func open(
        _ purpose: Purpose, to host: String, until deadline: LDAPDeadline
    ) throws(LDAPFailure) -> LDAPConnection {
        let connection = try LDAPConnection(to: host, configuration, until: deadline)
        guard purpose == .search else { return connection }
        switch try connection.bindAsAccount(configuration) {
        case .bound: return connection
        case .refused(let reason): throw LDAPFailure(isTransient: false, "bind as bindDN at \(host): \(reason)")
        }
    }
}
