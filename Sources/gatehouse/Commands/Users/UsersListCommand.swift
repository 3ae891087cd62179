import ArgumentParser
import JOSE
import RelyingParty
import Web

/// `gatehouse users list`
struct UsersListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the users of the configuration and of the storage.")

    @OptionGroup var admin: AdminConnection

    @Flag(help: "Print them as JSON.")
    var json = false

    func run() async throws {
        let users = try await all()
        if json { return print(JSONValue.object(JSONObject([("users", .array(users))])).jsonText) }
        let columns = ["id", "email", "username", "name", "state", "source"]
        print((columns + ["groups"]).joined(separator: "\t"))
        for user in users.compactMap(\.object) {
            let texts = columns.map { user[$0]?.string ?? "" } + [(user["groups"]?.stringList ?? []).joined(separator: ",")]
            print(texts.map(printable).joined(separator: "\t"))
        }
    }

    /// Page by page.
    private func all() async throws -> [JSONValue] {
        var users: [JSONValue] = []
        var after: String?
        repeat {
            var query = QueryString()
            query.add("after", after)
            let content = try await admin.ask(.get, query.appending(to: "/users"))
            users += content["users"]?.array ?? []
            after = content["next"]?.string
        } while after != nil
        return users
    }
}
