import ArgumentParser
import JOSE
import RelyingParty
import Web

/// `gatehouse tokens list`
struct TokensListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the personal access tokens, the newest first; at most 1000.")

    @OptionGroup var admin: AdminConnection

    @Option(help: "Only of this user: a subject, e-mail address or user name.")
    var user: String?

    @Flag(help: "Print them as JSON.")
    var json = false

    func run() async throws {
        var query = QueryString()
        query.add("user", user)
        let content = try await admin.ask(.get, query.appending(to: "/tokens"))
        if json { return print(JSONValue.object(content).jsonText) }
        guard case .array(let entries)? = content["tokens"] else { return }
        let columns = ["id", "email", "subject", "name", "access", "created_at", "expires_at", "last_used_at"]
        print(columns.joined(separator: "\t"))
        for entry in entries {
            print(columns.map { printable(entry.object?[$0]?.string ?? "") }.joined(separator: "\t"))
        }
    }
}
