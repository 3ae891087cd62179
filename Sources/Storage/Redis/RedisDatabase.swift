package import AuthService
package import Instruments
import JOSE

/// Redis or Valkey as both roles' storage. What belongs together changes together: by scripts, which run one after the other. A
/// write is as safe when it returns as the server's own persistence makes it (`appendfsync`, replicas).
package struct RedisDatabase: Sendable {
    let client: RedisClient
    private let meter: StoreMeter
    let clocks = ClockComparison("Redis")
    /// What every key begins with.
    let prefix: String

    /// Asks nobody yet.
    package init(_ configuration: RedisConfiguration, meter: StoreMeter = StoreMeter()) {
        client = RedisClient(configuration)
        self.meter = meter
        prefix = "{\(configuration.prefix)}:"
    }

    /// Whether it answers and can be written: a replica, a full memory or a full disk lets nobody sign in.
    package func check() async throws(StoreFailure) {
        _ = try await command(.write, ["SET", key("check"), "1"])
    }

    /// What is not wrong, but will be; `nil`: nothing.
    package func warning() async throws(StoreFailure) -> String? {
        // Users of an access control list may not be allowed to ask.
        guard case .success(let reply) = try await client.send(["INFO", "memory"]), let lines = reply.text else { return nil }
        let mark = "maxmemory_policy:"
        let policy = lines.split(whereSeparator: { $0.isNewline }).first { $0.hasPrefix(mark) }?.dropFirst(mark.count)
        guard let policy, policy != "noeviction" else { return nil }
        return
            "Redis throws keys away when its memory is full (maxmemory-policy \(policy)): sessions and what has ended get lost;"
            + " set it to noeviction"
    }

    /// Whether this machine's clock is right, as far as is known.
    package var clockAgrees: Bool { clocks.agree }

    package var families: [MetricFamily] {
        let help = "Whether the store does not answer, and calls fail at once."
        return [clocks.family, MetricFamily("gatehouse_store_away", .gauge, help, [.init(client.isAway ? 1 : 0)])]
    }

    func key(_ name: String) -> RedisArgument { .text(prefix + name) }

    /// The reply to a command that is no script.
    func command(_ operation: StoreMeter.Operation, _ command: [RedisArgument]) async throws(StoreFailure) -> RESPValue {
        try await measure(operation) { () async throws(StoreFailure) in try Self.value(try await client.send(command)) }
    }

    /// What a script returns.
    func run(_ script: RedisScript, _ arguments: [RedisArgument]) async throws(StoreFailure) -> RESPValue {
        if script.operation == .write { for argument in arguments { try RecordLimit.check(argument.size) } }
        return try await measure(script.operation) { () async throws(StoreFailure) in
            let rest: [RedisArgument] = ["1", .text(prefix)] + arguments
            let reply = try await client.send(["EVALSHA", .text(script.digest)] + rest)
            if case .failure(let refusal) = reply, refusal.code == "NOSCRIPT" {
                return try Self.value(try await client.send(["EVAL", .text(script.source)] + rest))
            }
            return try Self.value(reply)
        }
    }

    /// What a script returns that answers with a number.
    func count(_ script: RedisScript, _ arguments: [RedisArgument]) async throws(StoreFailure) -> Int {
        guard let number = try await run(script, arguments).integer.flatMap({ Int(exactly: $0) }) else { throw Self.odd }
        return number
    }

    static let odd = StoreFailure(detail: "Redis: an answer of another kind has come")

    private static func value(_ reply: Result<RESPValue, RedisRefusal>) throws(StoreFailure) -> RESPValue {
        switch reply {
        case .success(let value): return value
        case .failure(let refusal):
            throw StoreFailure(detail: RedisFailure.refused(refusal).detail, mayPass: refusal.isOfTheMoment)
        }
    }

    private func time() async throws(StoreFailure) -> UnixTime {
        // Seconds, and microseconds.
        let reply = try Self.value(try await client.send(["TIME"]))
        guard let seconds = reply.list?.first?.text.flatMap({ Int64($0) }) else { throw Self.odd }
        return UnixTime(seconds: seconds)
    }

    private func measure<Value: Sendable>(
        _ operation: StoreMeter.Operation, _ body: () async throws(StoreFailure) -> Value
    ) async throws(StoreFailure) -> Value {
        do {
            return try await meter.measure(operation) {
                try await clocks.check(time)
                return try await body()
            }
        } catch {
            throw error as? StoreFailure ?? StoreFailure(detail: "Redis: \(error)")
        }
    }
}
