package import OpenIDConnect
import Web

/// What sends a browser to the provider (OpenID Connect Core §3.1.2.1, RFC 7636 §4.3): code flow with PKCE, always.
package struct AuthorizationRequest: Sendable {
    package var redirectURI: String
    package var state: String
    package var nonce: String
    /// S256, as `PKCE.challenge(of:)` makes it.
    package var codeChallenge: String
    /// In place of the client's own scopes.
    package var scopes: Scope?
    package var prompt: String?
    /// Seconds since the person last gave their credentials. What is asked here has to be asked of `signIn` again.
    package var maxAge: Int64?
    package var acrValues: [String] = []
    package var loginHint: String?
    package var uiLocales: [String] = []
    /// Further parameters (`resource`, `audience`, `hd` …), in order. Those that the flow itself sends are left out.
    package var furtherParameters: [(name: String, value: String)] = []

    package init(redirectURI: String, state: String, nonce: String, codeChallenge: String) {
        self.redirectURI = redirectURI
        self.state = state
        self.nonce = nonce
        self.codeChallenge = codeChallenge
    }

    /// The authorization endpoint's URL with the parameters behind its own query.
    func url(client: ProviderClient, metadata: ProviderMetadata) -> String {
        let own = parameters(client: client)
        let further = furtherParameters.filter { further in !Self.reserved.contains { sameBytes($0, further.name) } }
        return QueryString(own + further).appending(to: metadata.authorizationEndpoint)
    }

    private func parameters(client: ProviderClient) -> [(name: String, value: String)] {
        let values: [(String, String?)] = [
            ("client_id", client.clientID), ("redirect_uri", redirectURI), ("response_type", "code"),
            ("scope", (scopes ?? client.scopes).text), ("state", state), ("nonce", nonce),
            ("code_challenge", codeChallenge), ("code_challenge_method", "S256"), ("prompt", prompt),
            ("max_age", maxAge.map { String($0) }), ("acr_values", Self.list(acrValues)), ("login_hint", loginHint),
            ("ui_locales", Self.list(uiLocales)),
        ]
        return values.compactMap { name, value in value.map { (name: name, value: $0) } }
    }

    private static func list(_ values: [String]) -> String? { values.isEmpty ? nil : values.joined(separator: " ") }

    /// A second copy of one of these would let the provider read another request than ours (RFC 6749 §3.1).
    private static let reserved = [
        "client_id", "redirect_uri", "response_type", "response_mode", "scope", "state", "nonce", "code_challenge",
        "code_challenge_method", "prompt", "max_age", "acr_values", "login_hint", "ui_locales", "request", "request_uri",
        "client_secret",
    ]
}
