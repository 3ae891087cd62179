import ArgumentParser
import JOSE
import RelyingParty
import Web

/// `gatehouse sessions list`
struct SessionsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the sessions, the newest first; at most 1000.")

    @OptionGroup var admin: AdminConnection

    @Option(help: "Only of this user: a subject, e-mail address or user name.")
    var user: String?

    @Flag(help: "Print them as JSON.")
    var json = false

    func run() async throws {
        var query = QueryString()
        query.add("user", user)
        let content = try await admin.ask(.get, query.appending(to: "/sessions"))
        if json { return print(JSONValue.object(content).jsonText) }
        guard case .array(let entries)? = content["sessions"] else { return }
        let columns = ["id", "email", "subject", "provider", "created_at", "last_used_at", "address", "user_agent"]
        print(columns.joined(separator: "\t"))
        for entry in entries {
            print(columns.map { printable(entry.object?[$0]?.string ?? "") }.joined(separator: "\t"))
        }
    }
}

/// Text of a provider's for a terminal: without control characters.
func printable(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 }))
}
