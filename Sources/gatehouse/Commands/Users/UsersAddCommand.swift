import ArgumentParser
import JOSE
import RelyingParty

/// `gatehouse users add EMAIL`
struct UsersAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Make a user in the storage and print a link with which they choose a password.",
        discussion: "With --password it is asked for here: twice on a terminal, or one line of standard input.")

    @OptionGroup var admin: AdminConnection

    @Argument(help: "The e-mail address.")
    var email: String

    @Option(help: "The user name; what stands before the @ without it.")
    var username: String?

    @Option(help: "The name; the user name without it.")
    var name: String?

    @Option(help: "A group that they are in; several are possible.")
    var group: [String] = []

    @Flag(help: "Ask for the password instead of making a link.")
    var password = false

    @Flag(help: "Print the outcome as JSON.")
    var json = false

    func run() async throws {
        var body = JSONObject([("email", .string(email)), ("groups", .strings(group))])
        body["username"] = username.map { .string($0) }
        body["name"] = name.map { .string($0) }
        if password { body["password"] = .string(try ask().text) }
        let content = try await admin.ask(.post, "/users", body: .object(body))
        if json { return print(JSONValue.object(content).jsonText) }
        print("user \(printable(content["user"]?.object?["id"]?.string ?? "")) made")
        UsersCommand.printInvitation(content)
    }

    private func ask() throws -> Secret {
        do throws(PasswordPrompt.Problem) { return try PasswordPrompt.read() } catch {
            printError(error.rawValue)
            throw ExitStatus.failed
        }
    }
}
