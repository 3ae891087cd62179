import Accounts
import ArgumentParser
import JOSE
import OpenIDConnect
import RelyingParty

/// `gatehouse login`: signs the person at this terminal in at a provider, and keeps the tokens for `gatehouse token`.
struct LoginCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login", abstract: "Sign in at a provider, with a browser on this machine or, with --device, on any other.")

    @Option(help: "The provider's issuer.")
    var issuer: String

    @Option(
        help:
            "The client id of the command line at the provider: a public client with the redirect URI http://127.0.0.1/callback.")
    var client: String

    @Option(help: "A scope to ask for; several are possible.")
    var scope: [String] = ["openid", "email", "profile", "groups", "offline_access"]

    @Flag(help: "Show a code to enter in a browser elsewhere.")
    var device = false

    @Flag(help: "Print the address instead of opening a browser.")
    var noBrowser = false

    func validate() throws {
        guard scope.contains("openid") else { throw ValidationError("--scope has to have openid among its values") }
    }

    func run() async throws {
        let exchange = HTTPProviderExchange()
        do {
            try await login(RelyingParty(client: providerClient, exchange: exchange, clock: .system))
        } catch {
            try? await exchange.shutdown()
            throw error
        }
        try await exchange.shutdown()
    }

    private var providerClient: ProviderClient {
        ProviderClient(
            id: "command line", issuer: issuer, clientID: client, authenticationMethod: ClientAuthenticationMethod.none,
            scopes: Scope(scope))
    }

    private func login(_ relyingParty: RelyingParty) async throws {
        let outcome: SignInOutcome
        do throws(UpstreamFailure) {
            outcome =
                device
                ? try await DeviceLogin(relyingParty: relyingParty).run()
                : try await BrowserLogin(relyingParty: relyingParty, opensBrowser: !noBrowser).run()
        } catch { throw failed("the provider cannot be asked: \(error.detail)") }
        switch outcome {
        case .failed(let failure): throw failed("the provider cannot be asked: \(failure.detail)")
        case .refused(let refusal): throw failed("not signed in: \(refusal.reason)")
        case .signedIn(let signedIn):
            let login = Login(signedIn, client: relyingParty.client, now: WallClock.system.now)
            do { try await LoginFile.withLock { try $0.save(login) } } catch let failure as LoginFile.Failure {
                throw failed("\(failure)")
            }
            let identity = signedIn.identity
            print("Signed in as \(printable(identity.email ?? identity.name ?? identity.subject)).")
        }
    }
}

/// Says why a command could not do its work.
func failed(_ what: String) -> ExitCode {
    printError("gatehouse: \(what)")
    return ExitStatus.failed
}
