import AuthService
import Dispatch
import Storage
import Synchronization
import Testing

/// The threads, connections and patience of clients whose calls block.
struct BlockingPoolTests {
    final class Connection: BlockingConnection {
        private let isOpen = Mutex(true)
        var isUsable: Bool { isOpen.withLock { $0 } }
        func hangUp() { isOpen.withLock { $0 = false } }
    }

    /// A server that can be away, and counts who has come.
    final class Server: Sendable {
        let opened = Mutex(0)
        let isAway = Mutex(false)

        func open() throws -> Connection {
            opened.withLock { $0 += 1 }
            if isAway.withLock({ $0 }) { throw ConnectionFailure(detail: "nobody there") }
            return Connection()
        }

        var count: Int { opened.withLock { $0 } }
    }

    private func pool(
        _ server: Server, connections: Int = 1, waiting: Int = 100, time: Duration = .seconds(60), breaker: CircuitBreaker? = nil
    ) -> BlockingPool<Connection> {
        BlockingPool(
            "the server", limits: BlockingLimits(connections: connections, waiting: waiting, time: time), breaker: breaker
        ) { _ in try server.open() }
    }

    @Test func aConnectionIsUsedAgain() async throws {
        let server = Server()
        let pool = pool(server)
        for number in 0..<10 { #expect(try await pool.run { _, _ in number } == number) }
        #expect(server.count == 1)
        #expect(pool.figures == .init(open: 1, idle: 1, calls: 0, isAway: false))
    }

    @Test func whatTheServerHasClosedIsNotUsed() async throws {
        let server = Server()
        let pool = pool(server)
        try await pool.run { connection, _ in connection.hangUp() }
        try await pool.run { _, _ in }
        #expect(server.count == 2)
    }

    @Test func aFailureOfTheConnectionEndsItAndAnyOtherDoesNot() async throws {
        struct Refusal: Error {}
        let server = Server()
        let pool = pool(server)
        await #expect(throws: StoreFailure.self) { try await pool.run { _, _ in throw Refusal() } }
        try await pool.run { _, _ in }
        #expect(server.count == 1)
        await #expect(throws: StoreFailure.self) { try await pool.run { _, _ in throw ConnectionFailure(detail: "gone") } }
        try await pool.run { _, _ in }
        #expect(server.count == 2)
    }

    @Test func withOneThatIsLostAllThatAreIdleGo() async throws {
        let server = Server()
        let pool = pool(server, connections: 3)
        let gate = DispatchSemaphore(value: 0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<3 { group.addTask { try await pool.run { _, _ in gate.wait() } } }
            while server.count < 3 { try await Task.sleep(for: .milliseconds(1)) }
            for _ in 0..<3 { gate.signal() }
            try await group.waitForAll()
        }
        #expect(pool.figures.idle == 3)
        await #expect(throws: StoreFailure.self) { try await pool.run { _, _ in throw ConnectionFailure(detail: "silence") } }
        #expect(pool.figures == .init(open: 0, idle: 0, calls: 0, isAway: false))
    }

    @Test func whatIsTooMuchIsRefusedAtOnce() async throws {
        let pool = pool(Server(), waiting: 1)
        let gate = DispatchSemaphore(value: 0)
        let first = Task { try await pool.run { _, _ in gate.wait() } }
        let second = Task { try await pool.run { _, _ in } }
        while pool.figures.calls < 2 { await Task.yield() }
        await #expect { try await pool.run { _, _ in } } throws: {
            ($0 as? StoreFailure)?.detail.contains("too much waits") ?? false
        }
        gate.signal()
        _ = try await (first.value, second.value)
        try await pool.run { _, _ in }
    }

    @Test func whoseTurnComesTooLateIsNotServed() async throws {
        let pool = pool(Server(), time: .milliseconds(300))
        let gate = DispatchSemaphore(value: 0)
        let isServed = Mutex(false)
        let first = Task { try await pool.run { _, _ in gate.wait() } }
        while pool.figures.calls < 1 { await Task.yield() }
        async let second: Void = pool.run { _, _ in isServed.withLock { $0 = true } }
        while pool.figures.calls < 2 { await Task.yield() }
        try await Task.sleep(for: .milliseconds(600))
        gate.signal()
        try await first.value
        do {
            try await second
            Issue.record("it was served")
        } catch {}
        #expect(!isServed.withLock { $0 })
    }

    @Test func aServerThatIsAwayIsNotAskedByEverybody() async throws {
        let server = Server()
        let pool = pool(server, breaker: CircuitBreaker("the server", pauses: .seconds(60) ... .seconds(60)))
        server.isAway.withLock { $0 = true }
        for _ in 0..<100 { await #expect(throws: StoreFailure.self) { try await pool.run { _, _ in } } }
        #expect(server.count == 3 && pool.figures.isAway && pool.figures.open == 0)
    }

    @Test func whenItIsBackOneTriesAndAllFollow() async throws {
        let server = Server()
        let pool = pool(server, connections: 4, breaker: CircuitBreaker("the server", pauses: .zero ... .zero))
        server.isAway.withLock { $0 = true }
        for _ in 0..<10 { await #expect(throws: StoreFailure.self) { try await pool.run { _, _ in } } }
        server.isAway.withLock { $0 = false }
        try await pool.run { _, _ in }
        #expect(!pool.figures.isAway)
        for _ in 0..<10 { try await pool.run { _, _ in } }
    }

    // MARK: The breaker by itself

    @Test func opensAfterSomeFailuresAndLetsOneThroughAtATime() throws {
        let breaker = CircuitBreaker("the server", threshold: 2, pauses: .seconds(1) ... .seconds(3))
        let start = ContinuousClock.now
        func mayEnter(after seconds: Double) -> Bool { (try? breaker.enter(at: start + .seconds(seconds))) != nil }
        #expect(mayEnter(after: 0))
        breaker.failed("x", at: start)
        #expect(mayEnter(after: 0))
        breaker.failed("x", at: start)
        #expect(breaker.isOpen && !mayEnter(after: 0.9))
        #expect(mayEnter(after: 1) && !mayEnter(after: 1), "one tries it")
        breaker.failed("x", at: start + .seconds(1))
        #expect(!mayEnter(after: 2.9), "the pause is twice as long")
        #expect(mayEnter(after: 3))
        breaker.failed("x", at: start + .seconds(3))
        #expect(!mayEnter(after: 5.9) && mayEnter(after: 6), "but never longer than it may be")
        breaker.succeeded()
        #expect(!breaker.isOpen && mayEnter(after: 6) && mayEnter(after: 6))
    }

    @Test func aSuccessBetweenKeepsItClosed() {
        let breaker = CircuitBreaker("the server", threshold: 2)
        for _ in 0..<5 {
            breaker.failed("x")
            breaker.succeeded()
        }
        #expect(!breaker.isOpen)
    }
}
