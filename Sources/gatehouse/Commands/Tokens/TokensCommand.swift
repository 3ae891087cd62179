import ArgumentParser

/// `gatehouse tokens …`
struct TokensCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokens", abstract: "List, revoke and make personal access tokens of the running auth service.",
        subcommands: [TokensListCommand.self, TokensRevokeCommand.self, TokensCreateCommand.self])
}
