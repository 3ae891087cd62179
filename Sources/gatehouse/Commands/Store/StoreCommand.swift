import ArgumentParser

/// `gatehouse store …`
struct StoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store", abstract: "Copy, check and back up what the program stores.",
        subcommands: [StoreMigrateCommand.self, StoreCheckCommand.self, StoreBackupCommand.self])
}
