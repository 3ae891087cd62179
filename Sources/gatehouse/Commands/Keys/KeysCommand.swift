import ArgumentParser

/// `gatehouse keys …`
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "List and rotate the signing keys of the running provider.",
        subcommands: [KeysListCommand.self, KeysRotateCommand.self])
}
