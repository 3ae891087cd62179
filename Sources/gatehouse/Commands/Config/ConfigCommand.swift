import ArgumentParser

/// `gatehouse config …`
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Check the configuration file, or show how it is written.",
        subcommands: [ConfigCheckCommand.self, ConfigSchemaCommand.self, ConfigExampleCommand.self])
}
