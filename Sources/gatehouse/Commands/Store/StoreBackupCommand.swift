import ArgumentParser
import AuthService
import Settings
import Storage

/// `gatehouse store backup --config FILE --to FILE`: of a SQLite file, while the program runs.
struct StoreBackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy the SQLite file as it is at one moment, while the program runs.")

    @Option(help: "The configuration file.")
    var config: String

    @Option(help: "The file of the backup, which is not there yet.")
    var to: String

    func run() async throws {
        switch try loadConfiguration(path: config).configuration.storage {
        case .sqlite(let path):
            try await failing("there is no backup") { () throws(StoreFailure) in
                try SQLiteDatabase(path: path, isLeftAsItIs: true).backUp(to: to)
            }
            print("\(to): ok")
        case .postgres(let settings):
            try refuse("Postgres has a tool for this: `pg_dump --format custom --schema \(settings.schema) …`")
        case .redis:
            try refuse("Redis has a command for this: `BGSAVE`; then copy its file (`CONFIG GET dir`, `CONFIG GET dbfilename`)")
        case .memory: try refuse("`memory` ends with the program that has it")
        }
    }

    private func refuse(_ reason: String) throws -> Never {
        printError("gatehouse: \(reason)")
        throw ExitStatus.usage
    }
}
