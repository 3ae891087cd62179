import Accounts
import JOSE
import Logging
import OpenIDConnect
import OpenIDProvider
import Storage
import Synchronization
import Testing
import Web

/// A provider over the store in memory, with a clock that tests move and a connector that they command.
struct TestProvider: Sendable {
    static let issuer = "https://sso.example.com/dex"
    static let callback = "https://app.example.com/callback"
    static let verifier = "verifier-of-at-least-forty-three-characters-0"
    static let registrationToken = "initial-access-token"
    static let secret = "s3cret/+: ü"

    let provider: Provider
    let store: MemoryProviderStore
    let transients: MemoryTransientStore
    let upstream = MemoryUpstreamStore()
    let secondFactors: any SecondFactorStore
    let users: MemoryUserStore
    let clientStore: MemoryDocumentStore<StoredClient>
    /// Of `clientStore`.
    let storedClients: StoredClients
    let clock: TestClock
    let connector: TestConnector
    let keyring: SigningKeyring

    private static let keys: Result<SigningKeyring, any Error> = Result {
        SigningKeyring(keys: [try .generate(.rs256), try .generate(.es256)])
    }

    /// - Parameters:
    ///   - others: connectors beside the one that tests command.
    ///   - stored: connectors of a store.
    ///   - hasUsers: whether there are users in the store; the test's connector does not know them.
    init(
        store faulty: (any ProviderStore)? = nil, lifetimes: TokenLifetimes = TokenLifetimes(),
        others: [any Connector] = [], sessions: SSOSettings = SSOSettings(), clients: [Client] = [],
        keys: RotatingKeyring? = nil, hasUsers: Bool = true, secondFactor: (inout SecondFactorSettings) -> Void = { _ in },
        secondFactors: any SecondFactorStore = MemorySecondFactorStore(), tries: (any TryStore)? = nil,
        transients: MemoryTransientStore = MemoryTransientStore(), clock: TestClock = TestClock(), stored: StoredConnectors? = nil
    ) throws {
        keyring = try Self.keys.get()
        store = MemoryProviderStore()
        self.transients = transients
        users = MemoryUserStore()
        clientStore = MemoryDocumentStore()
        storedClients = StoredClients(store: clientStore)
        connector = TestConnector()
        self.clock = clock
        let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        var settings = IssuerSettings(
            issuer: Self.issuer, clients: clients.isEmpty ? Self.clients + Self.furtherClients : clients, lifetimes: lifetimes)
        settings.sessions = sessions
        secondFactor(&settings.secondFactor)
        self.secondFactors = secondFactors
        settings.passwordConnector = "local"
        settings.storedConnectors = stored
        settings.assertionIssuers = [
            AssertionIssuer(id: "cluster", issuer: "https://cluster.example.com", keys: .set(TestKeys.published))
        ]
        let sealing = SealingKeys(secrets: [Secret(utf8: "0123456789abcdef0123456789abcdef")], purpose: "test")
        settings.registration = ClientRegistration(
            initialAccessToken: Secret(utf8: Self.registrationToken), life: 86400, clients: storedClients, sealing: sealing,
            clock: WallClock { clock.now })
        provider = Provider(
            settings: settings, store: faulty ?? store, transients: transients, sso: store,
            upstream: upstream, secondFactors: secondFactors, keyring: keys ?? RotatingKeyring(fixed: keyring),
            connectors: [connector as any Connector] + others,
            users: hasUsers
                ? UserAccounts.Parts(store: users, passwords: TestPasswords(), settings: .init(invitationLife: 3600)) : nil,
            tries: tries, sealing: sealing,
            clock: WallClock { clock.now }, randomness: .system, audit: AuditLog(logger: quiet), logger: quiet)
    }

    static let clients = [
        Client(
            id: "app", name: "Dashboard", secrets: [Secret(utf8: "older"), Secret(utf8: secret)], redirectURIs: [callback],
            postLogoutRedirectURIs: ["https://app.example.com/bye?x=1"]),
        Client(
            id: "other", name: "Other", secrets: [Secret(utf8: "other")],
            redirectURIs: ["https://other.example.com/cb", "http://127.0.0.1/cb"],
            postLogoutRedirectURIs: ["https://other.example.com/bye"], idTokenSigningAlgorithm: .es256),
        Client(
            id: "native", name: "Native", secrets: [], isPublic: true,
            redirectURIs: ["http://127.0.0.1/cb", "http://[::1]:1/cb", "com.example.app:/cb"]),
    ]

    /// The parameters of a good authorization request of `app`.
    static let parameters: [String: String] = [
        "client_id": "app", "redirect_uri": callback, "response_type": "code",
        "scope": "openid email profile groups offline_access", "state": "st&te", "nonce": "n-1",
        "code_challenge": PKCE.challenge(of: verifier), "code_challenge_method": "S256",
    ]

    func get(_ endpoint: String, _ parameters: [String: String] = [:], headers: HeaderList = [:]) async -> WebResponse {
        await send("GET", QueryString(pairs(parameters)).appending(to: endpoint), headers: headers)
    }

    func post(
        _ endpoint: String, _ parameters: [String: String], headers: HeaderList = [:], from address: String = ""
    ) async -> WebResponse {
        var headers = headers
        headers.add("content-type", "application/x-www-form-urlencoded")
        return await send("POST", endpoint, headers: headers, body: QueryString(pairs(parameters)).encoded, from: address)
    }

    func send(
        _ method: String, _ target: String, headers: HeaderList = [:], body: String = "", from address: String = ""
    ) async -> WebResponse {
        await provider.respond(
            to: WebRequest(
                method: method, scheme: "https", authority: "sso.example.com", target: "/dex" + target, headers: headers,
                body: Array(body.utf8), clientAddress: address))
    }

    private func pairs(_ parameters: [String: String]) -> [(name: String, value: String)] {
        parameters.map { (name: $0.key, value: $0.value) }
    }
}

/// A clock that stands still until it is moved.
final class TestClock: Sendable {
    private let seconds = Mutex<Int64>(1_800_000_000)

    var now: UnixTime { UnixTime(seconds: seconds.withLock { $0 }) }

    func move(by step: Int64) { seconds.withLock { $0 += step } }
}

/// Knows two users: `jane@example.com` and `joe@example.com`, with the password `right`.
final class TestConnector: PasswordConnector {
    enum Mode: Sendable { case normal, disabled, busy, failing }

    let id = "local"
    private let mode = Mutex(Mode.normal)
    private let calls = Mutex(0)

    static let jane = ConnectorUser(
        id: "jane-id",
        claims: JSONObject([
            ("email", "jane@example.com"), ("email_verified", true), ("name", "Jane"), ("preferred_username", "jane"),
            ("groups", ["admins", "team-a"]),
        ]))

    static let joe = ConnectorUser(
        id: "joe-id", claims: JSONObject([("email", "joe@example.com"), ("email_verified", true), ("name", "Joe")]))

    private let delay = Mutex(Duration.zero)

    /// How long it takes to look at a password.
    func setDelay(_ delay: Duration) { self.delay.withLock { $0 = delay } }
    func set(_ mode: Mode) { self.mode.withLock { $0 = mode } }
    var callCount: Int { calls.withLock { $0 } }

    func authenticate(login: String, password: Secret) async -> PasswordOutcome {
        calls.withLock { $0 += 1 }
        let delay = delay.withLock { $0 }
        if delay > .zero { try? await Task.sleep(for: delay) }
        switch mode.withLock({ $0 }) {
        case .busy: return .busy
        case .failing: return .failed(detail: "down")
        case .disabled: return .wrong
        case .normal:
            let user = [Self.jane, Self.joe].first { $0.claims["email"]?.string == login }
            return user.flatMap { password.text == "right" ? .authenticated($0) : nil } ?? .wrong
        }
    }

    func refresh(_ user: ConnectorUser) async -> RefreshedUser {
        switch mode.withLock({ $0 }) {
        case .normal: .current(user)
        case .disabled: .gone
        case .busy, .failing: .failed(detail: "down")
        }
    }
}
