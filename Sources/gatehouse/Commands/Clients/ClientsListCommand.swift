import ArgumentParser
import JOSE
import RelyingParty

/// `gatehouse clients list`
struct ClientsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the clients of the configuration and of the storage.")

    @OptionGroup var admin: AdminConnection

    @Flag(help: "Print them as JSON.")
    var json = false

    func run() async throws {
        let content = try await admin.ask(.get, "/clients")
        if json { return print(JSONValue.object(content).jsonText) }
        print(["id", "name", "source", "secrets", "state", "redirect_uris"].joined(separator: "\t"))
        for client in (content["clients"]?.array ?? []).compactMap(\.object) {
            let secrets = client["public"] == true ? "public" : String(client["secrets"]?.integer ?? 0)
            let texts = [
                client["id"]?.string ?? "", client["name"]?.string ?? "", client["source"]?.string ?? "", secrets,
                client["disabled"] == true ? "disabled" : "active",
                (client["redirect_uris"]?.stringList ?? []).joined(separator: ","),
            ]
            print(texts.map(printable).joined(separator: "\t"))
        }
    }
}

/// `gatehouse clients show CLIENT`
struct ClientsShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show one client.")

    @OptionGroup var target: ClientArgument

    func run() async throws {
        try await target.ask(.get) { content in
            for member in content["client"]?.object?.members ?? [] {
                let text = member.value.stringList?.joined(separator: ",") ?? member.value.jsonText
                print("\(member.name)\t\(printable(text))")
            }
        }
    }
}
