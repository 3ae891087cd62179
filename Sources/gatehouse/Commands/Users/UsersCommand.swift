import ArgumentParser
import JOSE
import RelyingParty
import Web

/// `gatehouse users …`
struct UsersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "users", abstract: "List, make and change the users of the running provider.",
        subcommands: [
            UsersListCommand.self, UsersShowCommand.self, UsersAddCommand.self, UsersInviteCommand.self, UsersResetCommand.self,
            UsersPasswordCommand.self,
            UsersDisableCommand.self, UsersEnableCommand.self, UsersDeleteCommand.self, UsersSetGroupsCommand.self,
            UsersMFACommand.self,
        ])

    /// A user's own path in the API.
    static func path(_ user: String, _ below: String = "") -> String { "/users/\(PercentEncoding.encode(user))\(below)" }

    /// Prints a link so that it can be handed on.
    static func printInvitation(_ content: JSONObject) {
        guard let invitation = content["invitation"]?.object else { return }
        print("a link with which they choose a password, good once and until \(invitation["expires_at"]?.string ?? ""):")
        print(invitation["url"]?.string ?? "")
    }
}

/// What the commands about one user share.
struct UserArgument: ParsableArguments {
    @OptionGroup var admin: AdminConnection

    @Argument(help: "The user: an e-mail address, a user name, or the id that `gatehouse users list` prints.")
    var user: String

    @Flag(help: "Print the outcome as JSON.")
    var json = false

    /// Asks, and prints the outcome as JSON or in `words`.
    func ask(
        _ method: ProviderRequest.Method, _ below: String = "", body: JSONValue? = nil, _ words: (JSONObject) -> Void
    ) async throws {
        let content = try await admin.ask(method, UsersCommand.path(user, below), body: body)
        json ? print(JSONValue.object(content).jsonText) : words(content)
    }
}
