import ArgumentParser

/// `gatehouse sso-sessions …`
struct SSOSessionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sso-sessions", abstract: "List and end the sessions of the running provider, one for each browser.",
        subcommands: [SSOSessionsListCommand.self, SSOSessionsRevokeCommand.self])
}

/// `gatehouse sso-sessions list`
struct SSOSessionsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List who is signed in, those used last first; at most 1000 browsers.")

    @OptionGroup var listing: AdminListing

    func run() async throws {
        try await listing.printEntries(
            "sso-sessions",
            columns: ["id", "email", "subject", "connector", "authenticated_at", "last_used_at", "expires_at"])
    }
}

/// `gatehouse sso-sessions revoke [ID] [--user U]`
struct SSOSessionsRevokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Sign somebody out at the provider; the applications are told.")

    @OptionGroup var revocation: AdminRevocation

    func validate() throws {
        guard (revocation.id == nil) != (revocation.user == nil) else {
            throw ValidationError("say which sessions: an id or --user")
        }
    }

    func run() async throws { try revocation.say(try await revocation.end("sso-sessions"), "session") }
}
