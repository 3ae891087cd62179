import ArgumentParser
import Settings

/// `gatehouse config schema`
struct ConfigSchemaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON schema of the configuration file (draft 2020-12), for editors.")

    func run() async throws {
        print(ConfigurationSchema.json, terminator: "")
    }
}
