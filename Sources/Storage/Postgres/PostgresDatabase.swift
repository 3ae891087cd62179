package import AuthService
package import Instruments
import JOSE
import OpenIDProvider

/// A schema in a Postgres, for any number of replicas. Holds what both roles store.
package struct PostgresDatabase: Sendable {
    let options: PostgresOptions
    private let pool: BlockingPool<PostgresConnection>
    private let meter: StoreMeter
    let clocks = ClockComparison("Postgres")

    /// Connects, and brings the tables up to date unless they are to be left as they are. Blocks.
    package init(
        _ options: PostgresOptions, meter: StoreMeter = StoreMeter(), isLeftAsItIs: Bool = false
    ) throws(StoreFailure) {
        self.options = options
        self.meter = meter
        do {
            // Another replica may be at it, and takes as long as it takes.
            let deadline = Deadline(in: .seconds(60))
            let connection = try PostgresConnection(options, deadline)
            if !isLeftAsItIs { try PostgresMigrations.run(connection, schema: options.schema, deadline) }
        } catch let failure as StoreFailure { throw failure } catch let failure as ConnectionFailure {
            throw StoreFailure(detail: "Postgres: \(failure.detail)", mayPass: failure.mayPass)
        } catch { throw StoreFailure(detail: "Postgres: \(error)") }
        let limits = BlockingLimits(connections: options.connections, time: .seconds(options.time))
        pool = BlockingPool("Postgres", limits: limits) { try PostgresConnection(options, $0) }
    }

    package var schema: String { options.schema }

    /// Whether the database answers and can be written: a full disk lets nobody sign in.
    package func check() async throws(StoreFailure) {
        try await change("INSERT INTO probes (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET asked_at = now()")
    }

    /// The rows of one statement, which is a transaction of its own.
    func rows(_ sql: String, _ values: [ColumnValue] = []) async throws(StoreFailure) -> [PostgresRow] {
        try await run(.read) { session in try session.rows(sql, values) }
    }

    /// Runs one statement, which is a transaction of its own.
    /// - Returns: how many rows it has written or deleted.
    @discardableResult
    func change(_ sql: String, _ values: [ColumnValue] = []) async throws(StoreFailure) -> Int {
        try await repeating { session in try session.change(sql, values) }
    }

    /// Runs all of `body` or nothing of it. Of what throws nothing has happened, unless the connection was lost at the very end:
    /// then it may have.
    /// - Parameter body: is called again where another transaction was in the way.
    func transaction<Value: Sendable>(
        _ body: @escaping @Sendable (PostgresSession) throws -> Value
    ) async throws(StoreFailure) -> Value {
        try await repeating { session in try session.transaction(body) }
    }

    /// What a deadlock has undone goes well the next time.
    private func repeating<Value: Sendable>(
        _ body: @escaping @Sendable (PostgresSession) throws -> Value
    ) async throws(StoreFailure) -> Value {
        try await run(.write) { session in
            for _ in 1..<Self.tries {
                do { return try body(session) } catch let failure as PostgresFailure {
                    guard failure.isWorthAnotherTry else { throw failure }
                }
            }
            return try body(session)
        }
    }

    private static let tries = 4

    private func run<Value: Sendable>(
        _ operation: StoreMeter.Operation, _ body: @escaping @Sendable (PostgresSession) throws -> Value
    ) async throws(StoreFailure) -> Value {
        do {
            return try await meter.measure(operation) {
                try await clocks.check(time)
                return try await pool.run { connection, deadline in
                    do { return try body(PostgresSession(connection: connection, deadline: deadline)) } catch {
                        // A damaged row says so itself; the pool only knows its own errors.
                        guard let failure = error as? ProviderStoreFailure else { throw error }
                        throw StoreFailure(detail: failure.detail, isOfOneRecord: true)
                    }
                }
            }
        } catch { throw error as? StoreFailure ?? StoreFailure(detail: "Postgres: \(error)") }
    }

    private func time() async throws(StoreFailure) -> UnixTime {
        try await pool.run { connection, deadline in
            let session = PostgresSession(connection: connection, deadline: deadline)
            guard let row = try session.rows("SELECT \(Self.now) AS now").first else {
                throw StoreFailure(detail: "Postgres does not say what time it is")
            }
            return UnixTime(seconds: try row.integer("now"))
        }
    }

    /// The server's time, in a statement: seconds since 1970.
    static let now = "extract(epoch FROM clock_timestamp())::bigint"

    /// Whether this machine's clock is right, as far as is known.
    package var clockAgrees: Bool { clocks.agree }

    package var families: [MetricFamily] {
        let figures = pool.figures
        return [
            clocks.family,
            MetricFamily(
                "gatehouse_store_connections", .gauge, "Connections to the store.",
                [
                    .init(Double(figures.idle), [("state", "idle")]),
                    .init(Double(max(0, figures.open - figures.idle)), [("state", "busy")]),
                ]),
            MetricFamily(
                "gatehouse_store_calls", .gauge, "Calls of the store that have a connection, or wait for one.",
                [.init(Double(figures.calls))]),
            MetricFamily(
                "gatehouse_store_away", .gauge, "Whether the store does not answer, and calls fail at once.",
                [.init(figures.isAway ? 1 : 0)]),
        ]
    }
}
