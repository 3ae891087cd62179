import ArgumentParser
import JOSE
import RelyingParty

/// `gatehouse users invite USER`
struct UsersInviteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invite", abstract: "Print a new link for somebody who has not chosen a password yet.")

    @OptionGroup var target: UserArgument

    func run() async throws { try await target.ask(.post, "/invitation", UsersCommand.printInvitation) }
}

/// `gatehouse users reset USER`
struct UsersResetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset",
        abstract: "Print a link with which a user chooses another password. The old one is right until then.")

    @OptionGroup var target: UserArgument

    func run() async throws { try await target.ask(.post, "/invitation", UsersCommand.printInvitation) }
}
