import ArgumentParser
import JOSE
import RelyingParty
import Web

/// `gatehouse clients disable CLIENT`
struct ClientsDisableCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "End a client's tokens and give it no more.")

    @OptionGroup var target: ClientArgument

    func run() async throws { try await target.ask(.patch, body: ["disabled": true]) { _ in print("disabled") } }
}

/// `gatehouse clients enable CLIENT`
struct ClientsEnableCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "enable", abstract: "Let a disabled client have tokens again.")

    @OptionGroup var target: ClientArgument

    func run() async throws { try await target.ask(.patch, body: ["disabled": false]) { _ in print("enabled") } }
}

/// `gatehouse clients delete CLIENT`
struct ClientsDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "delete", abstract: "Delete a client, and end its tokens.")

    @OptionGroup var target: ClientArgument

    func run() async throws { try await target.ask(.delete) { _ in print("deleted") } }
}

/// `gatehouse clients add-secret CLIENT`
struct ClientsAddSecretCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add-secret", abstract: "Print another secret for a client; those that it has stay right.")

    @OptionGroup var target: ClientArgument

    func run() async throws { try await target.ask(.post, "/secrets", ClientsCommand.printSecret) }
}

/// `gatehouse clients delete-secret CLIENT SECRET`
struct ClientsDeleteSecretCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete-secret", abstract: "Make a secret wrong from now on.")

    @OptionGroup var target: ClientArgument

    @Argument(help: "The secret's id, as `gatehouse clients show` prints it in secret_ids.")
    var secret: String

    func run() async throws {
        try await target.ask(.delete, "/secrets/\(PercentEncoding.encode(secret))") { _ in print("deleted") }
    }
}
