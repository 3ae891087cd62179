import ArgumentParser
import JOSE
import RelyingParty
import Settings

/// `gatehouse connectors add --from FILE`
struct ConnectorsAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Make a connector in the storage, of a file that has what an entry of `provider.connectors` has.")

    @OptionGroup var admin: AdminConnection
    @OptionGroup var source: ConnectorSource

    @Flag(help: "Print the outcome as JSON.")
    var json = false

    func run() async throws {
        let content = try await admin.ask(.post, "/connectors", body: .object(try source.entry()))
        source.tell(content, "made", json: json)
    }
}

/// `gatehouse connectors change ID --from FILE`
struct ConnectorsChangeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "change",
        abstract: "Change what a file says of a connector of the storage; `null` removes, and what it does not name stays.")

    @OptionGroup var target: ConnectorArgument
    @OptionGroup var source: ConnectorSource

    func run() async throws {
        let content = try await target.admin.ask(.patch, target.path, body: .object(try source.entry()))
        source.tell(content, "changed", json: target.json)
    }
}

/// `gatehouse connectors delete ID`
struct ConnectorsDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete a connector of the storage: nobody signs in there any more.")

    @OptionGroup var target: ConnectorArgument

    func run() async throws {
        let content = try await target.admin.ask(.delete, target.path)
        print(target.json ? JSONValue.object(content).jsonText : "deleted")
    }
}

/// Where a connector is described.
struct ConnectorSource: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "YAML or JSON, as the entry of the configuration. Secrets can be `{ file: … }` and `{ env: … }`, which are read here; paths of certificates are those of the provider's machines.",
            valueName: "file"))
    var from: String

    func entry() throws -> JSONObject {
        do throws(ConfigurationErrors) { return try ConnectorFile.read(path: from) } catch {
            error.errors.forEach { printError("\($0)") }
            throw ExitStatus.configuration
        }
    }

    func tell(_ content: JSONObject, _ done: String, json: Bool) {
        for warning in content["warnings"]?.stringList ?? [] { printError("gatehouse: warning: \(printable(warning))") }
        if json { return print(JSONValue.object(content).jsonText) }
        print("connector \(printable(content["connector"]?.object?["id"]?.string ?? "")) \(done)")
    }
}
