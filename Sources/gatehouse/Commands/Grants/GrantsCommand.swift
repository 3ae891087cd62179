import ArgumentParser

/// `gatehouse grants …`
struct GrantsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grants",
        abstract: "List and end what clients hold of people's sign-ins: refresh tokens and what came with them.",
        subcommands: [GrantsListCommand.self, GrantsRevokeCommand.self])
}

/// `gatehouse grants list`
struct GrantsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the grants that are still good, the newest first; at most 1000.")

    @OptionGroup var listing: AdminListing

    @Option(help: ArgumentHelp("Only of this client.", valueName: "id"))
    var client: String?

    func run() async throws {
        try await listing.printEntries(
            "grants",
            columns: ["id", "client", "email", "subject", "scope", "connector", "refresh_token", "created_at", "expires_at"],
            client: client)
    }
}

/// `gatehouse grants revoke [ID] [--user U] [--client C]`
struct GrantsRevokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "End grants: their refresh tokens are good for nothing any more.")

    @OptionGroup var revocation: AdminRevocation

    @Option(help: ArgumentHelp("All of this client; with --user those of the user at the client.", valueName: "id"))
    var client: String?

    func validate() throws {
        guard (revocation.id == nil) != (revocation.user == nil && client == nil) else {
            throw ValidationError("say which grants: an id, or --user, --client or both")
        }
    }

    func run() async throws { try revocation.say(try await revocation.end("grants", client: client), "grant") }
}
