import Foundation
import Storage
import Synchronization
import TestSupport
import Testing

/// One private server of each engine for all tests of the process, on a Unix socket; it ends with the process, however that ends.
enum RedisServer {
    /// Two that speak the same protocol.
    enum Engine: String, CaseIterable, Sendable, CustomTestStringConvertible {
        case redis
        case valkey

        var testDescription: String { rawValue }
    }

    private static let redis = started(.redis)
    private static let valkey = started(.valkey)
    private static let number = Atomic(0)

    private static func started(_ engine: Engine) -> Task<String, any Error> {
        Task { try await OtherProgram.server(TestServers.path("private-redis"), [engine.rawValue]) }
    }

    /// Throws where it could not be started: no test is left out for that.
    static func socket(_ engine: Engine) async throws -> String {
        switch engine {
        case .redis: try await redis.value + "/redis.sock"
        case .valkey: try await valkey.value + "/redis.sock"
        }
    }

    /// Keys that nothing else has.
    static func newPrefix() -> String { "test-\(number.add(1, ordering: .relaxed).newValue)" }

    static func database(_ engine: Engine, prefix: String) async throws -> RedisDatabase {
        RedisDatabase(RedisConfiguration(place: .server(.unix(path: try await socket(engine))), prefix: prefix, timeout: 10_000))
    }
}

enum TestServers {
    /// A script of Tests/Servers.
    static func path(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Servers/\(name)").path
    }
}
