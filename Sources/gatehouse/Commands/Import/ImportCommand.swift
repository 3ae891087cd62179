import ArgumentParser
import Importers

/// `gatehouse import`: another program's configuration as ours, one subcommand a program.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Carry another program's configuration over.",
        subcommands: [ImportDexCommand.self, ImportOAuth2ProxyCommand.self, ImportAuthServiceCommand.self])
}

/// What the importers have in common.
struct ImportOptions: ParsableArguments {
    @Argument(help: "The other program's configuration file.")
    var file: String

    @Option(help: "The file to write, with its secrets in files beside it; otherwise stdout, without them.")
    var out: String?
}

/// The same for programs whose configuration is in several files.
struct ImportSeveralOptions: ParsableArguments {
    @Argument(help: "The other program's files: its configuration, its environment, or the Kubernetes objects with them.")
    var files: [String]

    @Option(help: "The file to write, with its secrets in files beside it; otherwise stdout, without them.")
    var out: String?

    @Option(name: .customLong("public-url"), help: "The origin under which browsers reach the gateway.")
    var publicURL: String?

    @Option(help: "The provider's issuer, in place of the files': as browsers reach it.")
    var issuer: String?

    @Option(help: "The configuration of the Dex at which it signs people in; Gatehouse takes its place, too.")
    var dex: String?

    func place() throws(ImportProblem) -> ImportPlace {
        var place = ImportPlace(publicURL: publicURL, issuer: issuer)
        if let dex { place.dex = try ImportOutput.read(dex) }
        return place
    }

    /// What remarks are about that name no file.
    var first: String { files.first ?? "" }
}
