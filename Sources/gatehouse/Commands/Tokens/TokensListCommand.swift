import ArgumentParser

/// `gatehouse tokens list`
struct TokensListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the personal access tokens, the newest first; at most 1000.")

    @OptionGroup var listing: AdminListing

    func run() async throws {
        try await listing.printEntries(
            "tokens",
            columns: ["id", "email", "subject", "name", "access", "created_at", "expires_at", "last_used_at"])
    }
}
