import ArgumentParser

/// `gatehouse sessions list`
struct SessionsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the sessions, the newest first; at most 1000.")

    @OptionGroup var listing: AdminListing

    func run() async throws {
        try await listing.printEntries(
            "sessions",
            columns: ["id", "email", "subject", "provider", "created_at", "last_used_at", "address", "user_agent"])
    }
}
