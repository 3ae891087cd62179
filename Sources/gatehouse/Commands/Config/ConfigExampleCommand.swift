import ArgumentParser
import Settings

/// `gatehouse config example`
struct ConfigExampleCommand: AsyncParsableCommand {
    /// Where it is to run.
    enum Place: String, ExpressibleByArgument, CaseIterable {
        case kubeflow
    }

    static let configuration = CommandConfiguration(
        commandName: "example", abstract: "Print a complete configuration file with comments.")

    @Option(name: .customLong("for"), help: "Print one that is ready for this place instead.")
    var place: Place?

    func run() async throws {
        switch place {
        case .kubeflow: print(Example.kubeflow, terminator: "")
        case nil: print(Example.yaml, terminator: "")
        }
    }
}
