import ArgumentParser
import JOSE
import RelyingParty
import Web

/// `gatehouse connectors …`
struct ConnectorsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connectors",
        abstract: "Show where people sign in at the running provider, try whether it answers, and change it.",
        subcommands: [
            ConnectorsListCommand.self, ConnectorsShowCommand.self, ConnectorsTestCommand.self, ConnectorsAddCommand.self,
            ConnectorsChangeCommand.self, ConnectorsDeleteCommand.self,
        ])
}

/// `gatehouse connectors list`
struct ConnectorsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the connectors of the configuration and of the storage.")

    @OptionGroup var admin: AdminConnection

    @Flag(help: "Print them as JSON.")
    var json = false

    func run() async throws {
        let content = try await admin.ask(.get, "/connectors")
        if json { return print(JSONValue.object(content).jsonText) }
        print(["id", "type", "name", "addresses", "source"].joined(separator: "\t"))
        for connector in (content["connectors"]?.array ?? []).compactMap(\.object) {
            let texts = ["id", "type", "name"].map { connector[$0]?.string ?? "" }
            let addresses = (connector["addresses"]?.stringList ?? []).joined(separator: ",")
            print((texts + [addresses, connector["source"]?.string ?? ""]).map(printable).joined(separator: "\t"))
        }
    }
}

/// `gatehouse connectors show ID`
struct ConnectorsShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show one connector, without its secrets.")

    @OptionGroup var target: ConnectorArgument

    func run() async throws {
        let content = try await target.admin.ask(.get, target.path)
        if target.json { return print(JSONValue.object(content).jsonText) }
        for member in content["connector"]?.object?.members ?? [] {
            let text = member.value.stringList?.joined(separator: ",") ?? member.value.string ?? member.value.jsonText
            print("\(member.name)\t\(printable(text))")
        }
    }
}

/// `gatehouse connectors test ID`
struct ConnectorsTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Ask a directory, or another provider, whether it could be used now; nobody signs in.")

    @OptionGroup var target: ConnectorArgument

    /// Longer than the longest `signInTimeout` that may be set, after which a directory is given up.
    private static let timeout = Duration.seconds(330)

    func run() async throws {
        let content = try await target.admin.ask(.post, "\(target.path)/test", within: Self.timeout)
        let hasFailed = content["outcome"]?.string == "failed"
        if target.json {
            print(JSONValue.object(content).jsonText)
        } else if hasFailed {
            printError("gatehouse: \(target.id): \(printable(content["detail"]?.string ?? "it cannot be used"))")
        } else {
            let isReached = content["outcome"]?.string == "reached"
            print(isReached ? "reached" : "there is nothing to be asked without a person")
        }
        if hasFailed { throw ExitStatus.failed }
    }
}

/// What is about one connector.
struct ConnectorArgument: ParsableArguments {
    @OptionGroup var admin: AdminConnection

    @Argument(help: "The connector's id, as `gatehouse connectors list` prints it.")
    var id: String

    @Flag(help: "Print it as JSON.")
    var json = false

    /// Below `/api`.
    var path: String { "/connectors/\(PercentEncoding.encode(id))" }
}
