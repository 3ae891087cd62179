import NIOPosix

/// Passes on that some replica has changed or ended sessions: Postgres says so on a connection that listens (LISTEN).
package struct PostgresFeed: Sendable {
    private struct Listening: Sendable {
        let connection: PostgresConnection
        var heardAt: ContinuousClock.Instant
    }

    private let options: PostgresOptions
    private let feed: ChangeFeed

    package init(_ database: PostgresDatabase, _ feed: ChangeFeed) {
        options = database.options
        self.feed = feed
    }

    /// A silent server is asked whether it is there.
    private static let silence: Duration = .seconds(5)
    /// For so long the thread waits at a time: a stop waits for it.
    private static let step: Duration = .milliseconds(250)
    private static let pause: Duration = .milliseconds(250)

    /// Until it is cancelled, over any number of connections.
    package func run() async {
        let thread = NIOThreadPool(numberOfThreads: 1)
        thread.start()
        var listening: Listening?
        while !Task.isCancelled {
            do { listening = try await thread.runIfActive { [listening] in try self.step(listening) } } catch {
                listening = nil
                guard !(error is CancellationError) else { break }
                feed.lose((error as? ConnectionFailure)?.detail ?? "\(error)")
                try? await Task.sleep(for: Self.pause)
            }
        }
        try? await thread.shutdownGracefully()
    }

    private func step(_ listening: Listening?) throws -> Listening {
        guard var listening else { return try listen() }
        if try listening.connection.awaitNotification(Deadline(in: Self.step)) {
            feed.tell()
            listening.heardAt = .now
        } else if .now - listening.heardAt > Self.silence {
            try listening.connection.script("SELECT 1", Deadline(in: .seconds(options.time)))
            listening.heardAt = .now
        }
        return listening
    }

    private func listen() throws -> Listening {
        let deadline = Deadline(in: .seconds(options.time))
        let connection = try PostgresConnection(options, deadline)
        try connection.script("LISTEN \(PostgresSessionStore.channel)", deadline)
        // What was said before is not heard, but asked for.
        feed.begin()
        return Listening(connection: connection, heardAt: .now)
    }
}
