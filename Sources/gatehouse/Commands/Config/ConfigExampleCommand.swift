import ArgumentParser
import Settings

/// `gatehouse config example`
struct ConfigExampleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "example", abstract: "Print a complete configuration file with comments.")

    func run() async throws {
        print(Example.yaml, terminator: "")
    }
}
