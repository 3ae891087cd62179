import ArgumentParser
import Importers
import Settings

/// `gatehouse import oauth2-proxy FILE…`: its options as those of the auth service; what is not carried over is told on stderr.
struct ImportOAuth2ProxyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "oauth2-proxy",
        abstract: "Carry oauth2-proxy's configuration over (its file, flags, variables, alpha configuration, or its Deployment).")

    @OptionGroup var options: ImportSeveralOptions

    @Option(help: "What the files are, where that is not to be seen.")
    var format: OAuth2ProxyFormat?

    func run() throws {
        try ImportOutput.write(options.out, of: options.first) { () throws(ImportProblem) in
            try OAuth2ProxyImport.run(
                try ImportOutput.read(options.files), format: format, place: try options.place(),
                variables: ConfigurationSources.process.variable)
        }
    }
}

extension OAuth2ProxyFormat: ExpressibleByArgument {}
