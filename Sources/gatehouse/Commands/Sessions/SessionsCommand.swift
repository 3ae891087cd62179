import ArgumentParser

/// `gatehouse sessions …`
struct SessionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sessions", abstract: "List and end the sessions of the running auth service.",
        subcommands: [SessionsListCommand.self, SessionsShowCommand.self, SessionsRevokeCommand.self])
}
