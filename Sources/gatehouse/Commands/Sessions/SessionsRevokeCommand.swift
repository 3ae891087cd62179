import ArgumentParser
import JOSE
import RelyingParty
import Web

/// `gatehouse sessions revoke [ID] [--user U] [--all]`
struct SessionsRevokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "End sessions: it holds from the next request on.")

    @OptionGroup var admin: AdminConnection

    @Argument(help: "The session's id, as `gatehouse sessions list` prints it.")
    var id: String?

    @Option(help: "All of this user: a subject, e-mail address or user name.")
    var user: String?

    @Flag(help: "All of everybody.")
    var all = false

    @Flag(help: "Print the outcome as JSON.")
    var json = false

    func validate() throws {
        let count = (id == nil ? 0 : 1) + (user == nil ? 0 : 1) + (all ? 1 : 0)
        guard count == 1 else { throw ValidationError("say which sessions: an id, --user or --all") }
    }

    func run() async throws {
        var query = QueryString()
        query.add("id", id)
        query.add("user", user)
        query.add("all", all ? "true" : nil)
        let content = try await admin.ask(.post, query.appending(to: "/sessions/revoke"))
        if json { print(JSONValue.object(content).jsonText) }
        guard let count = content["revoked"]?.integer else {
            if !json { print("the sessions have ended; their cookies hold them, so nobody can say how many there were") }
            return
        }
        if !json { print(count == 1 ? "1 session ended" : "\(count) sessions ended") }
        // A typing error in a name must not look like a success to a script.
        if count == 0, !all { throw ExitStatus.failed }
    }
}
