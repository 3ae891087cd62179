import AuthService
import NIOCore

/// Waits for entries in the stream of changes, over a connection of its own, and passes word of each.
package struct RedisFeed: Sendable {
    private let database: RedisDatabase
    private let feed: ChangeFeed

    /// Milliseconds that one question waits. A connection that says nothing for longer is dead.
    private static let wait: Int64 = 1000
    private static let pause = Duration.milliseconds(300)

    package init(_ database: RedisDatabase, _ feed: ChangeFeed) {
        self.database = database
        self.feed = feed
    }

    /// Until the task is cancelled.
    package func run() async {
        while !Task.isCancelled {
            do throws(RedisFailure) {
                try await database.client.withOwnConnection { connection async throws(RedisFailure) in
                    try await follow(connection)
                }
            } catch {
                if !Task.isCancelled { feed.lose(error.detail) }
            }
            try? await Task.sleep(for: Self.pause)
        }
    }

    private func follow(_ connection: RedisConnection) async throws(RedisFailure) {
        let patience = database.client.configuration.patience
        let last = try await RedisClient.outcome(of: connection.send(["GET", database.key("changes:last")], within: patience))
        var position = last.text ?? "0-0"
        feed.begin()
        while !Task.isCancelled {
            let command: [RedisArgument] = [
                "XREAD", "COUNT", "100", "BLOCK", .number(Self.wait), "STREAMS", database.key("changes"), .text(position),
            ]
            let answer = connection.send(command, within: patience + .milliseconds(Self.wait))
            let reply = try await RedisClient.outcome(of: answer)
            // A list of streams, each its name and its entries; nothing when nothing has come.
            guard let entries = reply.list?.first?.list?.last?.list else { continue }
            position = entries.last?.list?.first?.text ?? position
            feed.tell()
        }
    }
}
