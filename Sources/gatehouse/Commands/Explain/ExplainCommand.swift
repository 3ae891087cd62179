import Accounts
import ArgumentParser
import AuthService
import JOSE
import Settings
import Web

/// `gatehouse explain`: which rule decides about a request, why, and what the application would be told.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Say which rule decides about a request, and why.",
        usage:
            "gatehouse explain --config FILE --url URL [--method M] [--header 'N: V'] [--user U] [--group G] [--claim N=V] [--json]"
    )

    @Option(help: "The configuration file.")
    var config: String

    @Option(help: "What is asked for, as https://app.example.com/path.")
    var url: String

    @Option(help: "The request's method.")
    var method = "GET"

    @Option(help: "A header of the request, as 'Name: value'. Several are possible.")
    var header: [String] = []

    @Option(help: "Who is signed in: a name or an e-mail address. Without it nobody is.")
    var user: String?

    @Option(help: "A group of the user. Several are possible.")
    var group: [String] = []

    @Option(help: "A claim of the user, as name=value. Several are possible.")
    var claim: [String] = []

    @Option(help: "The client's address.")
    var client = "127.0.0.1"

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        guard let request = ExplainedRequest(url: url, method: method, headers: header, client: client) else {
            throw ValidationError("--url is written like https://app.example.com/path, --header like 'Name: value'")
        }
        let configuration = try loadConfiguration(path: config).configuration
        guard let service = configuration.authService else {
            printError("\(config): there is no `authService` that could decide; add one")
            throw ExitStatus.configuration
        }
        let origins = service.publicURLs.compactMap { Origin($0.origin) }
        let explainer = Explainer(
            ownPath: service.path,
            aliases: PathAliases(service.compatibility.compactMap { PathAliases.Program(rawValue: $0.rawValue) }),
            providerPath: ProviderPath(configuration.provider, behind: origins),
            rules: RuleSet(service.rules.map(Rule.init)), identityHeaders: IdentityHeaders(service.identity),
            accessSubjects: service.kubernetes.map(AccessSubjectMapping.init))
        let explanation = explainer.explain(request.http, identity: try identity())
        let text = ExplanationText(
            explanation, line: explanation.ruleIndex.map { service.rules[$0].line }, file: config,
            assertionHeader: explanation.outcome == .accept && user != nil ? service.identity.assertion?.header : nil)
        print(json ? text.json : text.lines)
    }

    private func identity() throws -> Identity? {
        guard let user else {
            guard group.isEmpty, claim.isEmpty else { throw ValidationError("--group and --claim need --user") }
            return nil
        }
        var claims = JSONObject([("preferred_username", .string(user)), ("groups", .strings(group))])
        if user.contains("@") {
            claims["email"] = .string(user)
            claims["email_verified"] = true
        }
        for text in claim {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw ValidationError("--claim is written like department=it") }
            claims[parts[0]] = .string(parts[1])
        }
        return Identity(issuer: "explain", subject: user, claims: claims)
    }
}

/// The request that a command line describes.
struct ExplainedRequest {
    let http: WebRequest

    /// `nil` for what is no such request.
    init?(url: String, method: String, headers: [String], client: String) {
        guard let scheme = ["http", "https"].first(where: { url.hasPrefix($0 + "://") }) else { return nil }
        let rest = url.dropFirst(scheme.count + 3)
        let authority = String(rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" })
        let target = String(rest.dropFirst(authority.count).prefix { $0 != "#" })
        guard !authority.isEmpty else { return nil }
        var list = HeaderList()
        for header in headers {
            let parts = header.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty else { return nil }
            list.add(String(parts[0]), String(parts[1].drop { $0 == " " }))
        }
        if headers.isEmpty { list.add("accept", "text/html") }
        http = WebRequest(
            method: method, scheme: scheme, authority: authority, target: target.hasPrefix("/") ? target : "/" + target,
            headers: list, clientAddress: client)
    }
}
