import JOSE
import OpenIDConnect
import RelyingParty

/// A relying party in front of a provider in memory, with a clock that stands.
struct SignInSetup {
    let clock = MovableClock()
    let provider: TestProvider

    init(algorithm: SignatureAlgorithm = .es256) throws {
        provider = try TestProvider(clock: clock.clock, algorithm: algorithm)
    }

    func relyingParty(_ change: (inout ProviderClient) -> Void = { _ in }) -> RelyingParty {
        var client = ProviderClient(
            id: "corp", issuer: provider.issuer, clientID: "gatehouse", clientSecret: Secret(utf8: "s3cret"),
            scopes: Scope(["openid", "email"]))
        change(&client)
        let exchange = EmbeddedProviderExchange(issuer: provider.issuer) { [provider] in provider.respond($0) }
        return RelyingParty(client: client, exchange: exchange, clock: clock.clock)
    }

    /// The outcome of a sign-in in which the provider sends `idToken` made of the usual claims.
    func signIn(
        maxAge: Int64? = nil, idToken: @escaping @Sendable (_ claims: JSONObject) throws -> String?
    ) async -> SignInOutcome {
        provider.change { $0.idToken = idToken }
        return await relyingParty().signIn(maxAge: maxAge)
    }
}

extension RelyingParty {
    /// Ends a sign-in with what the tests' provider expects.
    func signIn(issuerParameter: String? = nil, maxAge: Int64? = nil, acrValues: [String] = []) async -> SignInOutcome {
        await signIn(
            code: Secret(utf8: "code-1"), redirectURI: "https://app.example/callback",
            codeVerifier: Secret(utf8: "verifier-1"), nonce: "nonce-1", issuerParameter: issuerParameter, maxAge: maxAge,
            acrValues: acrValues)
    }
}

extension SignInOutcome {
    /// The check that refused the ID token.
    var refusedCheck: String? {
        if case .refused(.idToken(let refusal)) = self { refusal.check } else { nil }
    }

    var refusal: SignInRefusal? {
        if case .refused(let refusal) = self { refusal } else { nil }
    }

    var failure: UpstreamFailure? {
        if case .failed(let failure) = self { failure } else { nil }
    }

    var signedIn: SignedIn? {
        if case .signedIn(let signedIn) = self { signedIn } else { nil }
    }
}
