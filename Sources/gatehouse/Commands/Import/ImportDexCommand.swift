import ArgumentParser
import Importers
import Settings

/// `gatehouse import dex FILE`: Dex's file as that of our provider; what is not carried over is told on stderr.
struct ImportDexCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dex", abstract: "Carry Dex's configuration over (its file, or the ConfigMap or Secret with it).")

    @OptionGroup var options: ImportOptions

    @Option(help: "The provider's issuer, in place of the file's: as browsers reach it.")
    var issuer: String?

    func run() throws {
        try ImportOutput.write(options) { (bytes) throws(ImportProblem) in
            try DexImport.run(bytes, issuer: issuer, variables: ConfigurationSources.process.variable)
        }
    }
}
