import ArgumentParser
import JOSE
import RelyingParty
import Web

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

    @OptionGroup var admin: AdminConnection

    @Argument(help: "The session's id, as `gatehouse sso-sessions list` prints it.")
    var id: String?

    @Option(help: "All of this user: a subject, e-mail address or user name.")
    var user: String?

    @Flag(help: "Print the outcome as JSON.")
    var json = false

    func validate() throws {
        guard (id == nil) != (user == nil) else { throw ValidationError("say which sessions: an id or --user") }
    }

    func run() async throws {
        let content: JSONObject
        if let id {
            content = try await admin.ask(.delete, "/sso-sessions/\(PercentEncoding.encode(id))")
        } else {
            var query = QueryString()
            query.add("user", user)
            content = try await admin.ask(.post, query.appending(to: "/sso-sessions/revoke"))
        }
        let count = content["revoked"]?.integer ?? 0
        print(json ? JSONValue.object(content).jsonText : count == 1 ? "1 session ended" : "\(count) sessions ended")
        // A typing error in a name must not look like a success to a script.
        if count == 0 { throw ExitStatus.failed }
    }
}
