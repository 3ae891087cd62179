import ArgumentParser
import JOSE
import RelyingParty

/// `gatehouse users mfa …`
struct UsersMFACommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mfa", abstract: "List a user's second factors, or take them away.",
        discussion: "Somebody of a directory or an upstream is named by the subject (`sub`).",
        subcommands: [UsersMFAListCommand.self, UsersMFAResetCommand.self])
}

/// `gatehouse users mfa list USER`
struct UsersMFAListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List a user's second factors.")

    @OptionGroup var target: UserArgument

    func run() async throws {
        try await target.ask(.get, "/factors") { content in
            print("id\tkind\tlabel\tcreated_at\tlast_used_at\tleft")
            for factor in (content["factors"]?.array ?? []).compactMap(\.object) {
                let texts = ["id", "kind", "label", "created_at", "last_used_at"].map { factor[$0]?.string ?? "" }
                let left = factor["left"]?.integer.map { "\($0)" } ?? ""
                print((texts + [left]).map(printable).joined(separator: "\t"))
            }
        }
    }
}

/// `gatehouse users mfa reset USER`
struct UsersMFAResetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset", abstract: "Take a user's second factors away and sign them out everywhere.",
        discussion: "They sign in with their first factor then, and set up another one where they have to have one.")

    @OptionGroup var target: UserArgument

    func run() async throws {
        try await target.ask(.post, "/factors/reset") { content in print("\(content["removed"]?.integer ?? 0) removed") }
    }
}
