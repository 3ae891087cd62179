import ArgumentParser

/// `gatehouse version`
struct VersionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Print the version.")

    /// Semantic Versioning 2.0.
    static let number = "0.1.0"

    @Flag(help: "Print it as JSON.")
    var json = false

    func run() async throws {
        print(json ? #"{"name":"gatehouse","version":"\#(Self.number)"}"# : "gatehouse \(Self.number)")
    }
}
