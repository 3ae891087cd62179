import AuthService
import Foundation
import Storage
import TestSupport

/// One Postgres for the tests of this process; it ends with the process, however that ends. Every fixture has a schema of its own.
enum PrivatePostgres {
    struct Failure: Error {
        let detail: String
    }

    /// The folder of its socket.
    private static let server = Task { try await OtherProgram.server(TestServers.path("private-postgres")) }
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
        return try await OtherProgram.onAThread { try PostgresDatabase(options) }
    }

    static func execute(_ sql: String, schema: String) async throws {
        let arguments = [
            "--host", try await server.value, "--username", "gatehouse", "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1",
            "--command", "SET search_path = \"\(schema)\"", "--command", sql, "postgres",
        ]
        let outcome = try await OtherProgram.run("psql", arguments)
        guard outcome.status == 0 else { throw Failure(detail: outcome.errors) }
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
