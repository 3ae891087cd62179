import ArgumentParser

/// The command line: one file a subcommand in Commands/.
@main
struct Gatehouse: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gatehouse", abstract: "Sign-in in front of every application behind a gateway.",
        version: VersionCommand.number,
        subcommands: [
            ServeCommand.self, DemoCommand.self, ConfigCommand.self, HashPasswordCommand.self, ManifestsCommand.self,
            ImportCommand.self,
            UsersCommand.self, ClientsCommand.self, ConnectorsCommand.self, SessionsCommand.self, SSOSessionsCommand.self,
            GrantsCommand.self, TokensCommand.self, KeysCommand.self, StoreCommand.self, LoginCommand.self, TokenCommand.self,
            ExplainCommand.self, DoctorCommand.self, HealthCommand.self, VersionCommand.self,
        ])

    static func main() async {
        do {
            try refuseOneDash(CommandLine.arguments.dropFirst())
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            leave(with: error)
        }
    }

    /// Refuses what begins with one dash, but for `-h`: no option of ours does, and the parser would take its letters for several options.
    /// For an id with an `h` in it, it would print the help and end as if all were done.
    private static func refuseOneDash(_ arguments: ArraySlice<String>) throws {
        let wrong = arguments.prefix { $0 != "--" }.first { $0.hasPrefix("-") && !$0.hasPrefix("--") && $0 != "-h" && $0 != "-" }
        guard let wrong else { return }
        throw ValidationError(
            "`\(wrong)` begins with a dash: options have two, an id is written after `--`, and the value of an option after `=`")
    }

    /// Ends the process with the exit codes of `ExitStatus`: the parser's own for a wrong command line is another.
    private static func leave(with error: any Error) -> Never {
        guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
        printError(fullMessage(for: error))
        exit(withError: ExitStatus.usage)
    }
}
