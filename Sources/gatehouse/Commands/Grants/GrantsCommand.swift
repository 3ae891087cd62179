import ArgumentParser
import JOSE
import RelyingParty
import Web

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

    @OptionGroup var admin: AdminConnection

    @Argument(help: "The grant's id, as `gatehouse grants list` prints it.")
    var id: String?

    @Option(help: "All of this user: a subject, e-mail address or user name.")
    var user: String?

    @Option(help: ArgumentHelp("All of this client; with --user those of the user at the client.", valueName: "id"))
    var client: String?

    @Flag(help: "Print the outcome as JSON.")
    var json = false

    func validate() throws {
        guard (id == nil) != (user == nil && client == nil) else {
            throw ValidationError("say which grants: an id, or --user, --client or both")
        }
    }

    func run() async throws {
        let content: JSONObject
        if let id {
            content = try await admin.ask(.delete, "/grants/\(PercentEncoding.encode(id))")
        } else {
            var query = QueryString()
            query.add("user", user)
            query.add("client", client)
            content = try await admin.ask(.post, query.appending(to: "/grants/revoke"))
        }
        let count = content["revoked"]?.integer ?? 0
        print(json ? JSONValue.object(content).jsonText : count == 1 ? "1 grant ended" : "\(count) grants ended")
        // A typing error in a name must not look like a success to a script.
        if count == 0 { throw ExitStatus.failed }
    }
}
