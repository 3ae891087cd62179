import ArgumentParser
import ExtAuthz
import NIOCore
import Settings

/// `gatehouse serve`: the roles that the file has, until SIGTERM or Ctrl-C.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run the auth service, the provider, or both: whichever the file has.")

    @Option(help: "The configuration file.")
    var config: String

    @Option(help: "Another configuration file: say in the log where its rules would decide otherwise.")
    var dryRunConfig: String?

    func run() async throws {
        let tried = try dryRunConfig.map { try loadConfiguration(path: $0).configuration }
        try await serve(loadConfiguration(path: config), trying: tried?.authService?.rules)
    }
}

/// Runs a checked configuration; what keeps it from starting is one line on standard error and exit 1.
/// - Parameter rules: that do not decide, only tell where they would decide otherwise.
func serve(_ loaded: LoadedConfiguration, trying rules: [AccessRule]? = nil) async throws {
    let logger = Logs.start(loaded.configuration.log)
    NIOSingletons.groupLoopCountSuggestion = EventLoopCount.suggested()
    do {
        try await Server(configuration: loaded.configuration, triedRules: rules, logger: logger).run()
    } catch let failure as ListenerFailure {
        printError("gatehouse: \(failure)")
        throw ExitStatus.failed
    } catch let failure as StartFailure {
        printError("gatehouse: \(failure)")
        throw ExitStatus.failed
    }
}
