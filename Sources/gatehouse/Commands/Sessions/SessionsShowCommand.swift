import ArgumentParser
import JOSE
import RelyingParty
import Web

/// `gatehouse sessions show ID`
struct SessionsShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show one session.")

    @OptionGroup var admin: AdminConnection

    @Argument(help: "The session's id, as `gatehouse sessions list` prints it.")
    var id: String

    @Flag(help: "Print it as JSON.")
    var json = false

    func run() async throws {
        let content = try await admin.ask(.get, "/sessions/\(PercentEncoding.encode(id))")
        if json { return print(JSONValue.object(content).jsonText) }
        for member in content.members { print("\(member.name): \(printable(member.value.string ?? member.value.jsonText))") }
    }
}
