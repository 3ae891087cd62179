import ArgumentParser

/// `gatehouse import`: another program's configuration as ours, one subcommand a program.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Carry another program's configuration over.", subcommands: [ImportDexCommand.self])
}

/// What the importers have in common.
struct ImportOptions: ParsableArguments {
    @Argument(help: "The other program's configuration file.")
    var file: String

    @Option(help: "The file to write, with its secrets in files beside it; otherwise stdout, without them.")
    var out: String?
}
