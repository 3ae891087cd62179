import ArgumentParser
import ExtAuthz
import Settings

/// `gatehouse serve`: the roles that the file has, until SIGTERM or Ctrl-C.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run the auth service, the provider, or both: whichever the file has.")

    @Option(help: "The configuration file.")
    var config: String

    func run() async throws {
        try await serve(loadConfiguration(path: config))
    }
}

/// Runs a checked configuration; what keeps it from starting is one line on standard error and exit 1.
func serve(_ loaded: LoadedConfiguration) async throws {
    let logger = Logs.start(loaded.configuration.log)
    do {
        try await Server(configuration: loaded.configuration, logger: logger).run()
    } catch let failure as ListenerFailure {
        printError("gatehouse: \(failure)")
        throw ExitStatus.failed
    } catch let failure as StartFailure {
        printError("gatehouse: \(failure)")
        throw ExitStatus.failed
    }
}
