import ArgumentParser
import JOSE
import RelyingParty
import Web

/// `gatehouse tokens create`: a token for a program that is nobody's.
struct TokensCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make a token for a program and print it: it is not shown again.")

    @OptionGroup var admin: AdminConnection

    @Option(help: "Who the program is: `sub` of its identity.")
    var subject: String

    @Option(help: "What the token is for.")
    var name: String

    @Option(help: "The program's e-mail address, where applications look for one.")
    var email: String?

    @Option(help: "A group that it is in; several are possible.")
    var group: [String] = []

    @Flag(help: "Only for requests that read.")
    var readOnly = false

    @Option(help: "Days until it expires.")
    var days = 30

    @Flag(help: "Print it as JSON.")
    var json = false

    func run() async throws {
        var query = QueryString([
            ("subject", subject), ("name", name), ("access", readOnly ? "read" : "full"), ("days", "\(days)"),
        ])
        query.add("email", email)
        for group in group { query.add("group", group) }
        let content = try await admin.ask(.post, query.appending(to: "/tokens/create"))
        print(json ? JSONValue.object(content).jsonText : content["token"]?.string ?? "")
    }
}
