import Foundation
import Storage
import Synchronization
import TestSupport

/// One private Redis for all tests of the process, on a Unix socket; it ends with the process, however that ends.
enum RedisServer {
    private static let folder = Task { try await OtherProgram.server(TestServers.path("private-redis")) }
    private static let number = Atomic(0)

    /// Throws where it could not be started: no test is left out for that.
    static func socket() async throws -> String { try await folder.value + "/redis.sock" }

    /// Keys that nothing else has.
    static func newPrefix() -> String { "test-\(number.add(1, ordering: .relaxed).newValue)" }

    static func database(prefix: String) async throws -> RedisDatabase {
        RedisDatabase(RedisConfiguration(place: .server(.unix(path: try await socket())), prefix: prefix, timeout: 10_000))
    }
}

enum TestServers {
    /// A script of Tests/Servers.
    static func path(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Servers/\(name)").path
    }
}
