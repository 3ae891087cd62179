import ArgumentParser
import JOSE
import RelyingParty

/// `gatehouse keys list`
struct KeysListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the signing keys: the next ones, those that sign, and those that only verify.")

    @OptionGroup var admin: AdminConnection

    @Flag(help: "Print them as JSON.")
    var json = false

    func run() async throws {
        let content = try await admin.ask(.get, "/keys")
        if json { return print(JSONValue.object(content).jsonText) }
        guard case .array(let entries)? = content["keys"] else { return }
        let columns = ["id", "algorithm", "state", "made_at", "signs_from"]
        print(columns.joined(separator: "\t"))
        for entry in entries {
            print(columns.map { printable(entry.object?[$0]?.string ?? "") }.joined(separator: "\t"))
        }
    }
}
