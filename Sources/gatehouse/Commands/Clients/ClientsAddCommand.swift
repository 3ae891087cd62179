import ArgumentParser
import JOSE
import RelyingParty

/// What can be said of a client on the command line; the API takes more.
struct ClientOptions: ParsableArguments {
    @Option(help: "What users read.")
    var name: String?

    @Option(help: ArgumentHelp("Where codes may be sent; several are possible.", valueName: "uri"))
    var redirectURI: [String] = []

    @Option(help: ArgumentHelp("Where browsers may be sent after signing out; several are possible.", valueName: "uri"))
    var postLogoutRedirectURI: [String] = []

    @Option(
        help: ArgumentHelp(
            "What it may show for tokens, as the configuration spells it; several are possible.", valueName: "type"))
    var grantType: [String] = []

    @Option(help: "A scope that it may ask for; several are possible.")
    var scope: [String] = []

    @Option(help: "A group that its users are in; several are possible.")
    var group: [String] = []

    @Option(help: ArgumentHelp("A connector whose users it takes; several are possible.", valueName: "id"))
    var connector: [String] = []

    @Option(help: ArgumentHelp("A client that may have tokens for this one; several are possible.", valueName: "id"))
    var trustedPeer: [String] = []

    @Option(help: ArgumentHelp("The only way in which it authenticates, as the API spells it.", valueName: "method"))
    var tokenEndpointAuth: String?

    @Option(name: .customLong("jwks-uri"), help: ArgumentHelp("Where it publishes its keys.", valueName: "uri"))
    var keysURI: String?

    @Option(help: ArgumentHelp("How long its ID tokens are valid.", valueName: "seconds"))
    var idTokenLifetime: Int64?

    @Option(help: ArgumentHelp("How long its access tokens are valid.", valueName: "seconds"))
    var accessTokenLifetime: Int64?

    @Option(help: ArgumentHelp("How long a refresh token lasts that is not used.", valueName: "seconds"))
    var refreshTokenIdle: Int64?

    @Option(help: ArgumentHelp("How long after the sign-in its refresh tokens end.", valueName: "seconds"))
    var refreshTokenLifetime: Int64?

    /// What has been said.
    var members: JSONObject {
        var members = JSONObject()
        let texts = [("name", name), ("token_endpoint_auth_method", tokenEndpointAuth), ("jwks_uri", keysURI)]
        for (name, value) in texts { members[name] = value.map { .string($0) } }
        let numbers = [
            ("id_token_lifetime", idTokenLifetime), ("access_token_lifetime", accessTokenLifetime),
            ("refresh_token_idle", refreshTokenIdle), ("refresh_token_lifetime", refreshTokenLifetime),
        ]
        for (name, value) in numbers { members[name] = value.map { .integer($0) } }
        let lists = [
            ("redirect_uris", redirectURI), ("post_logout_redirect_uris", postLogoutRedirectURI), ("grant_types", grantType),
            ("scopes", scope), ("groups", group), ("connectors", connector), ("trusted_peers", trustedPeer),
        ]
        for (name, values) in lists where !values.isEmpty { members[name] = .strings(values) }
        return members
    }
}

/// `gatehouse clients add [ID]`
struct ClientsAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Make a client in the storage, and print its secret.")

    @OptionGroup var admin: AdminConnection
    @OptionGroup var options: ClientOptions

    @Argument(help: "The client's id; a random one without it.")
    var id: String?

    @Flag(help: "The client can keep no secret: it gets none.")
    var `public` = false

    @Flag(help: "Print the outcome as JSON.")
    var json = false

    func run() async throws {
        var body = options.members
        body["id"] = id.map { .string($0) }
        if `public` { body["public"] = true }
        let content = try await admin.ask(.post, "/clients", body: .object(body))
        if json { return print(JSONValue.object(content).jsonText) }
        print("client \(printable(content["client"]?.object?["id"]?.string ?? "")) made")
        ClientsCommand.printSecret(content)
    }
}

/// `gatehouse clients change CLIENT`
struct ClientsChangeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "change", abstract: "Change a client of the storage: what is said replaces what was there.")

    @OptionGroup var target: ClientArgument
    @OptionGroup var options: ClientOptions

    func validate() throws {
        guard !options.members.members.isEmpty else { throw ValidationError("say what to change") }
    }

    func run() async throws { try await target.ask(.patch, body: .object(options.members)) { _ in print("changed") } }
}
