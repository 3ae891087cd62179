package import JOSE
package import OpenIDConnect
import Web

/// One OAuth 2.0 client at one authorization server that sends no ID tokens: its API has to be asked who somebody is.
package struct OAuthClient: Sendable {
    private let client: ProviderClient
    private let metadata: ProviderMetadata
    private let exchange: any ProviderExchange
    private let clock: WallClock
    private let randomness: Randomness

    /// What the token endpoint answers.
    package enum TokenOutcome: Sendable {
        case granted(TokenResponse)
        case refused(ProviderRefusal)
    }

    /// - Parameters:
    ///   - authorizationURL: where browsers are sent.
    ///   - client: its issuer is not used.
    package init(
        client: ProviderClient, authorizationURL: String, tokenURL: String, exchange: any ProviderExchange, clock: WallClock,
        randomness: Randomness = .system
    ) {
        self.client = client
        metadata = ProviderMetadata(
            issuer: client.issuer, authorizationEndpoint: authorizationURL, tokenEndpoint: tokenURL, jwksURI: "")
        self.exchange = exchange
        self.clock = clock
        self.randomness = randomness
    }

    package var clientID: String { client.clientID }

    /// `Authorization` by which the client proves itself at an API of the same server; `nil` where it has no secret.
    package var authorization: String? {
        client.clientSecret.map { ClientAuthentication.basic(user: client.clientID, password: $0) }
    }

    /// Where to send the browser (RFC 6749 §4.1.1, RFC 7636 §4.3).
    package func authorizationURL(_ request: AuthorizationRequest) -> String {
        // What a nonce is for comes back in ID tokens.
        let parameters = request.parameters(client: client, metadata: metadata).filter { !sameBytes($0.name, "nonce") }
        return QueryString(parameters).appending(to: metadata.authorizationEndpoint)
    }

    /// - Parameters:
    ///   - redirectURI: as in the authorization request.
    ///   - codeVerifier: whose challenge was in the authorization request.
    package func tokens(
        code: Secret, redirectURI: String, codeVerifier: Secret
    ) async throws(UpstreamFailure) -> TokenOutcome {
        try await tokens(for: .authorizationCode(code, redirectURI: redirectURI, codeVerifier: codeVerifier))
    }

    package func tokens(refreshToken: Secret) async throws(UpstreamFailure) -> TokenOutcome {
        try await tokens(for: .refreshToken(refreshToken))
    }

    private func tokens(for grant: TokenRequest.Grant) async throws(UpstreamFailure) -> TokenOutcome {
        let response = try await ClientCall(client: client, exchange: exchange, clock: clock, randomness: randomness).post(
            TokenRequest(grant: grant).parameters, to: metadata.tokenEndpoint, alias: "token_endpoint", metadata: metadata)
        switch try TokenRequest.outcome(of: response, type: .bearer) {
        case .granted(let tokens): return .granted(tokens)
        case .refused(let refusal): return .refused(refusal)
        }
    }
}
