import ArgumentParser
import JOSE
import RelyingParty

/// `gatehouse users disable USER`
struct UsersDisableCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "Sign a user out everywhere and let them sign in no more.")

    @OptionGroup var target: UserArgument

    func run() async throws { try await target.ask(.patch, body: ["disabled": true]) { _ in print("disabled") } }
}

/// `gatehouse users enable USER`
struct UsersEnableCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "enable", abstract: "Let a disabled user sign in again.")

    @OptionGroup var target: UserArgument

    func run() async throws { try await target.ask(.patch, body: ["disabled": false]) { _ in print("enabled") } }
}

/// `gatehouse users delete USER`
struct UsersDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete a user, who is signed out everywhere.")

    @OptionGroup var target: UserArgument

    func run() async throws { try await target.ask(.delete) { _ in print("deleted") } }
}

/// `gatehouse users set-groups USER GROUP…`
struct UsersSetGroupsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set-groups", abstract: "Say which groups a user is in: these and no others.",
        discussion: "Applications learn of it when their tokens are refreshed, or at the next sign-in.")

    @OptionGroup var target: UserArgument

    @Argument(help: "The groups; none at all leaves the user in no group.")
    var groups: [String] = []

    func run() async throws {
        try await target.ask(.patch, body: ["groups": .strings(groups)]) { _ in
            print(groups.isEmpty ? "in no group" : "in \(groups.map(printable).joined(separator: ", "))")
        }
    }
}
