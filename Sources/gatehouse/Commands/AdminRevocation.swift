import ArgumentParser
import JOSE
import RelyingParty
import Web

/// What every command has that ends something of the running program's: one by its id, or all of somebody's.
struct AdminRevocation: ParsableArguments {
    @OptionGroup var admin: AdminConnection

    @Argument(help: "The id, as `list` prints it.")
    var id: String?

    @Option(help: "All of this user: a subject, e-mail address or user name.")
    var user: String?

    @Flag(help: "Print the outcome as JSON.")
    var json = false

    /// - Parameters:
    ///   - name: of the path below `/api`.
    ///   - client: only of this client, where what is ended has one.
    func end(_ name: String, client: String? = nil) async throws -> JSONObject {
        if let id { return try await admin.ask(.delete, "/\(name)/\(PercentEncoding.encode(id))") }
        var query = QueryString()
        query.add("user", user)
        query.add("client", client)
        return try await admin.ask(.post, query.appending(to: "/\(name)/revoke"))
    }

    /// Prints how many there were: `1 token revoked`.
    func say(_ content: JSONObject, _ thing: String, _ happened: String = "ended") throws {
        let count = content["revoked"]?.integer ?? 0
        print(json ? JSONValue.object(content).jsonText : "\(count) \(thing)\(count == 1 ? "" : "s") \(happened)")
        // A typing error in a name must not look like a success to a script.
        if count == 0 { throw ExitStatus.failed }
    }
}
