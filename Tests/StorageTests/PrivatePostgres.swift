import AuthService
import Dispatch
import Foundation
import Storage
import Testing

/// One Postgres for the tests of this process; it ends with the process, however that ends. Every fixture has a schema of its own.
enum PrivatePostgres {
    struct Failure: Error {
        let detail: String
    }

    /// The folder of its socket.
    private static let server = Task { try await offThreads { try start() } }
    private static let turns = Turns(8)

    static func url() async throws -> String { "postgres://gatehouse@/postgres?host=\(try await server.value)" }

    /// A new schema in it. The call waits until not too many others are open.
    static func database() async throws -> (PostgresDatabase, Turns.Turn) {
        let turn = await turns.take()
        let schema = "s" + UUID().uuidString.lowercased().filter { $0 != "-" }
        return (try await database(schema: schema), turn)
    }

    static func database(schema: String) async throws -> PostgresDatabase {
        let options = PostgresOptions(url: try await url(), schema: schema, connections: 4, time: 60)
        return try await offThreads { try PostgresDatabase(options) }
    }

    static func execute(_ sql: String, schema: String) async throws {
        let folder = try await server.value
        try await offThreads {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = [
                "psql", "--host", folder, "--username", "gatehouse", "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1",
                "--command", "SET search_path = \"\(schema)\"", "--command", sql, "postgres",
            ]
            try process.run()
            process.waitUntilExit()
            guard process.terminationStatus == 0 else { throw Failure(detail: "psql has failed") }
        }
    }

    /// What blocks stays away from the threads that the tests share.
    static func offThreads<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result(catching: body)) }
        }
    }

    private static func start() throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Servers/private-postgres")
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var text = Data()
        while text.last != UInt8(ascii: "\n") {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { throw Failure(detail: "the private Postgres did not start") }
            text.append(more)
        }
        // Open as long as this process lives: the server ends with it.
        _ = Unmanaged.passRetained(input)
        return String(decoding: text.dropLast(), as: UTF8.self)
    }
}

/// Lets only so many at once.
actor Turns {
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ count: Int) { free = count }

    func take() async -> Turn {
        if free > 0 { free -= 1 } else { await withCheckedContinuation { waiting.append($0) } }
        return Turn(turns: self)
    }

    fileprivate func giveBack() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }

    /// Ends when it is let go.
    final class Turn: Sendable {
        private let turns: Turns

        fileprivate init(turns: Turns) { self.turns = turns }

        deinit { Task { [turns] in await turns.giveBack() } }
    }
}
