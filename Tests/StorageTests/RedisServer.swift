import AuthService
import Foundation
import Storage
import Synchronization

/// One private Redis for all tests of the process, on a Unix socket in a folder of its own. It ends with the process, however that
/// ends: a shell that waits for the end of its input stops it and removes the folder.
final class RedisServer: Sendable {
    struct NotStarted: Error, CustomStringConvertible {
        let description: String
    }

    let folder: String
    private let number = Atomic(0)
    /// Whose end is what the shell waits for.
    private let life: Pipe

    var socket: String { folder + "/redis.sock" }

    private static let shared = Result { try RedisServer() }

    /// Throws where it could not be started: no test is left out for that.
    static func running() throws -> RedisServer { try shared.get() }

    private init() throws {
        folder = NSTemporaryDirectory() + "gatehouse-redis-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        life = Pipe()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        // First nothing of whoever was started at the same moment: a pipe that this holds open ends for nobody.
        let script = """
            for open in /proc/self/fd/*; do
              open=${open##*/}
              if ((open > 2 && open != 255)); then eval "exec $open>&-"; fi
            done
            redis-server --port 0 --unixsocket "$0/redis.sock" --dir "$0" --save "" --appendonly no --logfile "$0/redis.log" &
            server=$!
            read -r end
            kill -9 $server
            rm -rf "$0"
            """
        process.arguments = ["-c", script, folder]
        process.standardInput = life
        try process.run()
        try waitUntilItAnswers()
    }

    private func waitUntilItAnswers() throws {
        for _ in 0..<200 {
            if FileManager.default.fileExists(atPath: socket) { return }
            Thread.sleep(forTimeInterval: 0.05)
        }
        let log = (try? String(contentsOfFile: folder + "/redis.log", encoding: .utf8)) ?? "no log"
        throw NotStarted(description: "redis-server (Debian: redis-server) did not start: \(log)")
    }

    /// Keys that nothing else has.
    func newPrefix() -> String { "test-\(number.add(1, ordering: .relaxed).newValue)" }

    func database(prefix: String) -> RedisDatabase {
        RedisDatabase(RedisConfiguration(place: .server(.unix(path: socket)), prefix: prefix, timeout: 10_000))
    }
}
