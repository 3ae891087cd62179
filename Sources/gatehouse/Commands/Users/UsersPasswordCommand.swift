import ArgumentParser
import JOSE
import RelyingParty

/// `gatehouse users password USER`
struct UsersPasswordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "password", abstract: "Give a user another password: from a prompt, or standard input.",
        discussion: "The user is signed out everywhere. `gatehouse users reset` makes a link instead.")

    @OptionGroup var target: UserArgument

    func run() async throws {
        let password: Secret
        do throws(PasswordPrompt.Problem) { password = try PasswordPrompt.read() } catch {
            printError(error.rawValue)
            throw ExitStatus.failed
        }
        try await target.ask(.post, "/password", body: ["password": .string(password.text)]) { _ in print("changed") }
    }
}
