import ArgumentParser
import JOSE
import RelyingParty
import Web

/// What every command has that lists something of the running program's.
struct AdminListing: ParsableArguments {
    @OptionGroup var admin: AdminConnection

    @Option(help: "Only of this user: a subject, e-mail address or user name.")
    var user: String?

    @Flag(help: "Print them as JSON.")
    var json = false

    /// Prints the entries, a line each with tabs between the columns.
    /// - Parameters:
    ///   - name: of the path below `/api`, and of the answer's list.
    ///   - columns: the members of an entry, in the order in which they are printed.
    ///   - client: only of this client, where the entries have one.
    func printEntries(_ name: String, columns: [String], client: String? = nil) async throws {
        var query = QueryString()
        query.add("user", user)
        query.add("client", client)
        let content = try await admin.ask(.get, query.appending(to: "/\(name)"))
        if json { return print(JSONValue.object(content).jsonText) }
        guard case .array(let entries)? = content[name] else { return }
        print(columns.joined(separator: "\t"))
        for entry in entries {
            print(columns.map { printable(entry.object?[$0].map { $0.string ?? $0.jsonText } ?? "") }.joined(separator: "\t"))
        }
    }
}

/// Text of a provider's for a terminal: without control characters.
func printable(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 }))
}
