import ArgumentParser
import JOSE
import RelyingParty

/// `gatehouse token`: prints a token of the last login that is good for a while, refreshing it where it has to.
struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Print an access token of `gatehouse login`.",
        discussion:
            "For kubectl: a user with exec { apiVersion: client.authentication.k8s.io/v1, command: gatehouse, args: [token, --kubectl] }."
    )

    @Option(help: "Of this issuer's login; of the last one when missing.")
    var issuer: String?

    @Option(help: "Of this client's login.")
    var client: String?

    @Flag(help: "Print the ID token.")
    var idToken = false

    @Flag(help: "Print the ID token as an exec credential of Kubernetes.")
    var kubectl = false

    /// A token that ends sooner than in so many seconds is of no use to whoever gets it.
    private static let leastLife: Int64 = 30

    func run() async throws {
        do {
            let login = try await LoginFile.withLock { file in
                guard let found = try file.logins().first(where: { $0.isOf(issuer: issuer, client: client) }) else {
                    throw failed("there is no such login; run `gatehouse login --issuer … --client …`")
                }
                guard isDue(found) else { return found }
                let renewed = try await refreshed(found, file)
                try file.save(renewed)
                return renewed
            }
            try show(login)
        } catch let failure as LoginFile.Failure { throw failed("\(failure)") }
    }

    private var wantsIDToken: Bool { idToken || kubectl }

    private func isDue(_ login: Login) -> Bool {
        let expiry = wantsIDToken ? login.idExpiresAt : login.accessExpiresAt
        return expiry.map { $0.since(WallClock.system.now) < Self.leastLife } ?? false
    }

    private func refreshed(_ login: Login, _ file: LoginFile) async throws -> Login {
        guard let token = login.refreshToken else {
            throw failed("the token has expired and there is none to refresh it with; run `gatehouse login` again")
        }
        let exchange = HTTPProviderExchange()
        let relyingParty = RelyingParty(client: login.client, exchange: exchange, clock: .system)
        let outcome = await relyingParty.refresh(token, identity: login.identity)
        try? await exchange.shutdown()
        switch outcome {
        case .failed(let failure, let rotated):
            try keep(rotated, of: login, file)
            throw failed("the provider cannot be asked: \(failure.detail)")
        case .refused(let refusal, let rotated):
            try keep(rotated, of: login, file)
            throw failed("the login has ended (\(refusal.reason)); run `gatehouse login` again")
        case .refreshed(let refreshed):
            var login = login
            login.take(refreshed, now: WallClock.system.now)
            return login
        }
    }

    /// The refresh token that was used may be spent: its successor must not get lost with what failed after it.
    private func keep(_ rotated: Secret?, of login: Login, _ file: LoginFile) throws {
        guard let rotated else { return }
        var login = login
        login.refreshToken = rotated
        try file.save(login)
    }

    private func show(_ login: Login) throws {
        guard let token = wantsIDToken ? login.idToken : login.accessToken else {
            throw failed("the login has no ID token")
        }
        guard kubectl else { return print(token.text) }
        var status = JSONObject([("token", .string(token.text))])
        status["expirationTimestamp"] = login.idExpiresAt.map { .string($0.rfc3339) }
        let credential: JSONValue = [
            "apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": .object(status),
        ]
        print(credential.jsonText)
    }
}
