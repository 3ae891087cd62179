import ArgumentParser
import JOSE
import RelyingParty
import Web

/// `gatehouse clients …`
struct ClientsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clients", abstract: "List, make and change the clients of the running provider.",
        subcommands: [
            ClientsListCommand.self, ClientsShowCommand.self, ClientsAddCommand.self, ClientsChangeCommand.self,
            ClientsDisableCommand.self, ClientsEnableCommand.self, ClientsDeleteCommand.self, ClientsAddSecretCommand.self,
            ClientsDeleteSecretCommand.self,
        ])

    /// Prints a secret so that it can be handed on.
    static func printSecret(_ content: JSONObject) {
        guard let secret = content["secret"]?.string else { return }
        print("its secret, which cannot be asked for again:")
        print(secret)
    }
}

/// What the commands about one client share.
struct ClientArgument: ParsableArguments {
    @OptionGroup var admin: AdminConnection

    @Argument(help: "The client's id.")
    var client: String

    @Flag(help: "Print the outcome as JSON.")
    var json = false

    /// Asks, and prints the outcome as JSON or in `words`.
    func ask(
        _ method: ProviderRequest.Method, _ below: String = "", body: JSONValue? = nil, _ words: (JSONObject) -> Void
    ) async throws {
        let content = try await admin.ask(method, "/clients/\(PercentEncoding.encode(client))\(below)", body: body)
        json ? print(JSONValue.object(content).jsonText) : words(content)
    }
}
