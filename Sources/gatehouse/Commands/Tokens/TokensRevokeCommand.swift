import ArgumentParser
import JOSE
import RelyingParty
import Web

/// `gatehouse tokens revoke [ID] [--user U]`
struct TokensRevokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Revoke personal access tokens: it holds from the next request on.")

    @OptionGroup var admin: AdminConnection

    @Argument(help: "The token's id, as `gatehouse tokens list` prints it.")
    var id: String?

    @Option(help: "All of this user: a subject, e-mail address or user name.")
    var user: String?

    @Flag(help: "Print the outcome as JSON.")
    var json = false

    func validate() throws {
        guard (id == nil) != (user == nil) else { throw ValidationError("say which tokens: an id, or --user") }
    }

    func run() async throws {
        var query = QueryString()
        query.add("id", id)
        query.add("user", user)
        let content = try await admin.ask(.post, query.appending(to: "/tokens/revoke"))
        let count = content["revoked"]?.integer ?? 0
        print(json ? JSONValue.object(content).jsonText : count == 1 ? "1 token revoked" : "\(count) tokens revoked")
        // A typing error in a name must not look like a success to a script.
        if count == 0 { throw ExitStatus.failed }
    }
}
