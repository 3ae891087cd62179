import ArgumentParser
import Manifests
import Settings

/// The configuration that a manifest is written for: a file, or the demo's.
struct ManifestSource: ParsableArguments {
    @Option(help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String?

    @Flag(help: "Use the demo's configuration.")
    var demo = false

    func validate() throws {
        guard (config == nil) == demo else { throw ValidationError("Give either --config FILE or --demo") }
    }

    /// Warnings and errors go to stderr; errors end with exit code 78.
    func configuration() throws -> Configuration {
        if let config { return try loadConfiguration(path: config).configuration }
        return try reportingProblems { () throws(ConfigurationErrors) in try Demo.load(sources: Self.standIns) }.configuration
    }

    /// What to end with when nothing can be written: the command line is wrong, or, for exit code 78, the configuration is
    /// right but does not fit this gateway.
    func refusal(of problem: EnvoyManifestProblem) -> any Error {
        Self.refusal(of: problem, in: config ?? Demo.fileName)
    }

    static func refusal(of problem: EnvoyManifestProblem, in file: String) -> any Error {
        switch problem {
        case .upstreamTwice: return ValidationError(problem.description)
        case .noAuthService, .unknownPort, .path, .header, .noAuthority, .noClientCertificate, .addressAsName,
            .notWithThisGateway:
            printError("\(file): \(problem)")
            return ExitStatus.configuration
        }
    }

    /// The demo's secrets are made when it first runs. A manifest needs none of them, so it can be written before.
    private static let standIns = ConfigurationSources(
        file: { (_, _) throws(ConfigurationSources.Failure) in
            ConfigurationSources.File(bytes: Array(String(repeating: "00", count: 32).utf8), mode: 0o600)
        },
        variable: { _ in nil })
}
