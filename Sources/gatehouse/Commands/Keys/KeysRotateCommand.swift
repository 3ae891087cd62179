import ArgumentParser
import JOSE
import RelyingParty
import Web

/// `gatehouse keys rotate`
struct KeysRotateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate", abstract: "Make new signing keys: published now, used when everybody can have them.")

    @OptionGroup var admin: AdminConnection

    @Flag(
        help:
            "Use them at once and forget the old ones: for keys that somebody else may have. Ends every token that those signed.")
    var atOnce = false

    @Flag(help: "Print the outcome as JSON.")
    var json = false

    func run() async throws {
        let query = atOnce ? QueryString([("at_once", "true")]) : QueryString()
        let content = try await admin.ask(.post, query.appending(to: "/keys/rotate"))
        if json { return print(JSONValue.object(content).jsonText) }
        let added = content["added"]?.stringList ?? []
        for id in added { print("new key \(printable(id))") }
        // Another replica may have rotated in the same second.
        if added.isEmpty { throw ExitStatus.failed }
    }
}
