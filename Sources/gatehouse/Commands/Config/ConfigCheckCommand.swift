import ArgumentParser
import Settings
import Web

/// `gatehouse config check FILE`: exit 0 when the file may be used, 78 when not.
struct ConfigCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check a configuration file: every error at once, with line and column.")

    @Argument(help: "The configuration file.")
    var file: String

    func run() async throws {
        let loaded = try loadConfiguration(path: file)
        _ = try PageTheme.load(loaded.configuration.pages)
        let count = loaded.warnings.count
        print("\(file): ok" + (count == 0 ? "" : count == 1 ? ", with 1 warning" : ", with \(count) warnings"))
    }
}
