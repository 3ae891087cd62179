import ArgumentParser
import Importers
import Settings

/// `gatehouse import authservice FILE…`: Arrikto's OIDC AuthService or that of the Istio ecosystem; what is not carried over is told on
/// stderr.
struct ImportAuthServiceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "authservice",
        abstract: "Carry an authservice's configuration over (Arrikto's environment, or the Istio ecosystem's JSON).")

    @OptionGroup var options: ImportSeveralOptions

    func run() throws {
        try ImportOutput.write(options.out, of: options.first) { () throws(ImportProblem) in
            try AuthServiceImport.run(
                try ImportOutput.read(options.files), place: try options.place(),
                variables: ConfigurationSources.process.variable)
        }
    }
}
