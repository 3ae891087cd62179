import ArgumentParser
import Settings

/// Exit codes that scripts rely on, besides 0: done.
enum ExitStatus {
    /// The command failed.
    static let failed = ExitCode(1)
    /// The command line is wrong.
    static let usage = ExitCode(2)
    /// The configuration is refused (EX_CONFIG of sysexits.h).
    static let configuration = ExitCode(78)
}

/// Loads a configuration file for a command: problems go to standard error, and a refused file ends the command with exit 78.
func loadConfiguration(path: String) throws -> LoadedConfiguration {
    try reportingProblems { () throws(ConfigurationErrors) in try Configuration.load(path: path) }
}

/// The same for a configuration that comes from elsewhere.
func reportingProblems(
    _ load: () throws(ConfigurationErrors) -> LoadedConfiguration
) throws -> LoadedConfiguration {
    do throws(ConfigurationErrors) {
        let loaded = try load()
        loaded.warnings.forEach { printError("\($0)") }
        return loaded
    } catch {
        (error.errors + error.warnings).forEach { printError("\($0)") }
        throw ExitStatus.configuration
    }
}
