import Accounts
import AuthService
import JOSE
import Logging
import OpenIDConnect
import RelyingParty
import Synchronization
import Testing
import Web

/// The auth service over a scripted provider, a store that can fail, and a clock that the test turns.
struct Harness {
    static let home = "https://app.example.com"

    let provider: ScriptedProvider
    let store = FailingSessionStore()
    let authorizer: Authorizer
    let sessions: Sessions
    let signer: AssertionSigner
    /// Runs only while `settle` does.
    let lane = SlowLane(width: 1, limit: 10)
    private let time: TestTime

    final class TestTime: Sendable {
        let seconds = Mutex<Int64>(1_800_000_000)
    }

    init(
        cookieDomains: [String] = [], sameSite: SetCookie.SameSite = .lax,
        hosts: [HostPattern] = [], cookieSessions: Bool = false,
        lifetimes: SessionLifetimes = SessionLifetimes(idle: 3600, lifetime: 86400), lifeInMemory: Int64 = 60,
        holdsTokens: Bool = true, maximumAwake: Int = 4096,
        patience: Duration = .zero, aliases: PathAliases = .none, admission: SignInAdmission = SignInAdmission(),
        client change: (inout ProviderClient) -> Void = { _ in },
        parts adjust: (inout AuthServiceParts, WallClock) throws -> Void = { _, _ in }
    ) throws {
        let time = TestTime()
        let clock = WallClock { UnixTime(seconds: time.seconds.withLock { $0 }) }
        provider = try ScriptedProvider(clock: clock)
        let key = try SigningKey.generate(.es256)
        signer = AssertionSigner(
            header: "x-gatehouse-assertion", issuer: Self.home, audience: "apps", lifetime: 300, key: key,
            published: JSONWebKeySet(keys: [key.published]))
        var client = ProviderClient(
            id: "corp", issuer: ScriptedProvider.issuer, clientID: "gatehouse", clientSecret: Secret(utf8: "client-secret"))
        change(&client)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        var corp = SignInProvider(id: "corp", client: RelyingParty(client: client, exchange: provider, clock: clock))
        corp.admission = admission
        let providers = [corp]
        sessions = Sessions(
            store: store, cache: SessionCache(life: lifeInMemory, holdsTokens: holdsTokens, maximumAwake: maximumAwake),
            lane: lane, lifetimes: lifetimes,
            clock: clock, randomness: .system, logger: logger,
            refresh: RefreshSettings(
                providers: providers, grace: 900, audit: AuditLog(logger: logger), randomness: .system,
                patience: patience),
            cookieKeys: cookieSessions
                ? SealingKeys(secrets: [Secret(Array(repeating: 7, count: 32))], purpose: "test") : nil)
        var parts = AuthServiceParts(
            addresses: PublicAddresses(
                home: try #require(Origin(Self.home)), others: [try #require(Origin("https://other.example.net"))],
                cookieDomains: cookieDomains, hosts: hosts),
            ownPath: "/_gatehouse",
            providerPath: ProviderPath(origin: try #require(Origin(Self.home)), path: "/dex"),
            cookies: CookiePolicy(name: "gatehouse", domains: cookieDomains, sameSite: sameSite, security: .auto),
            rules: Self.rules,
            identityHeaders: IdentityHeaders(
                mappings: [
                    .init(header: "kubeflow-userid", template: try #require(HeaderTemplate("email"))),
                    .init(header: "kubeflow-groups", template: try #require(HeaderTemplate("groups"))),
                ],
                strip: ["x-auth-request-*"], assertionHeader: "x-gatehouse-assertion"),
            assertions: signer,
            providers: providers,
            sessions: sessions,
            sealingKeys: SealingKeys(secrets: [Secret(Array(repeating: 7, count: 32))], purpose: "test"), clock: clock,
            randomness: .system, audit: AuditLog(logger: logger))
        parts.aliases = aliases
        try adjust(&parts, clock)
        authorizer = Authorizer(parts)
        self.time = time
    }

    private static func below(_ prefix: String) -> PathPattern { .below(prefix: Array(prefix.utf8)) }

    private static let rules = RuleSet([
        Rule(paths: [below("/public/")], permission: .anyone),
        Rule(paths: [below("/admin/")], permission: .members(users: [], groups: ["admins"])),
        Rule(paths: [below("/payroll/")], permission: .members(users: [], groups: ["payroll"])),
        Rule(paths: [below("/api/")], permission: .signedIn, onAnonymous: .unauthorized),
        Rule(paths: [below("/internal/")], permission: .nobody),
    ])

    /// Lets the work that waits on the slow lane happen, and ends the lane.
    func settle() async {
        lane.close()
        await lane.run()
    }

    var now: UnixTime { UnixTime(seconds: time.seconds.withLock { $0 }) }

    /// With the slow lane at work meanwhile.
    func working(_ body: () async throws -> Void) async throws {
        async let running: Void = lane.run()
        try await body()
        lane.close()
        await running
    }

    func advance(_ seconds: Int64) { time.seconds.withLock { $0 += seconds } }

    func decide(_ request: WebRequest, carriesPages: Bool = true) async -> Decision {
        await authorizer.decide(CheckRequest(http: request, gatewayCarriesPages: carriesPages)).decision
    }

    func decide(_ target: String, _ browser: Browser = Browser(), method: String = "GET") async -> Decision {
        await decide(browser.request(target, method: method))
    }
}

/// What a browser holds and sends.
struct Browser {
    var cookies: [String: String] = [:]
    var authority = "app.example.com"
    var headers: [(name: String, value: String)] = [
        (name: "sec-fetch-mode", value: "navigate"), (name: "accept", value: "text/html"),
    ]

    func request(_ target: String, method: String = "GET") -> WebRequest {
        var list = HeaderList(headers)
        if !cookies.isEmpty { list.add("cookie", cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")) }
        return WebRequest(method: method, scheme: "https", authority: authority, target: target, headers: list)
    }

    mutating func take(_ setCookies: [String]) {
        for cookie in setCookies {
            let pair = cookie.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = pair.count > 1 ? String(pair[1]) : ""
            cookies[String(pair[0])] = value.isEmpty ? nil : value
        }
    }
}

extension Decision {
    var redirection: Redirection? { if case .redirect(let redirection) = self { redirection } else { nil } }
    var accepted: Accepted? { if case .accept(let accepted) = self { accepted } else { nil } }
    var rejection: Rejection? { if case .reject(let rejection) = self { rejection } else { nil } }
    var page: WebResponse? { if case .respond(let page) = self { page.response } else { nil } }
    var bodyText: String { response.map { String(decoding: $0.body, as: UTF8.self) } ?? "" }
}

extension Harness {
    /// The provider's reply to a redirect: the callback's target, with the ID token's nonce arranged.
    func callback(
        for redirection: Redirection, code: String = "code-1", from provider: ScriptedProvider? = nil,
        more: [(name: String, value: String)] = []
    ) throws -> String {
        let query = redirection.location.drop { $0 != "?" }.dropFirst()
        let fields = try #require(FormFields(query: query))
        (provider ?? self.provider).script.withLock { $0.nonce = fields.first("nonce") ?? "" }
        let path = try #require(fields.first("redirect_uri")?.split(separator: "/", maxSplits: 2).last)
        let reply = [(name: "code", value: code), (name: "state", value: try #require(fields.first("state")))]
        return "/\(path)?" + QueryString(reply + more).encoded
    }

    /// Signs a browser in, from `target` and back.
    /// - Returns: where it ended.
    @discardableResult
    func signIn(_ browser: inout Browser, target: String = "/page?x=1") async throws -> String {
        let away = try #require(await decide(target, browser).redirection)
        browser.take(away.cookies)
        let back = try #require(await decide(try callback(for: away), browser).redirection)
        browser.take(back.cookies)
        return back.location
    }
}
