import JOSE
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
    /// Further parameters (`hd`, `domain_hint` …), in order. Those that the flow itself sends are left out.
    package var furtherParameters: [(name: String, value: String)] = []

    package init(redirectURI: String, state: String, nonce: String, codeChallenge: String) {
        self.redirectURI = redirectURI
        self.state = state
        self.nonce = nonce
        self.codeChallenge = codeChallenge
    }

    /// What is asked of this client's provider: the request's own wishes before the client's.
    func parameters(client: ProviderClient, metadata: ProviderMetadata) -> [(name: String, value: String)] {
        let options = client.authorization
        let values: [(String, String?)] = [
            ("client_id", client.clientID), ("redirect_uri", redirectURI), ("response_type", "code"),
            ("response_mode", options.responseMode == .query ? nil : options.responseMode.rawValue),
            ("scope", (scopes ?? client.scopes).text), ("state", state), ("nonce", nonce),
            ("code_challenge", codeChallenge), ("code_challenge_method", "S256"),
            ("dpop_jkt", client.dpopKey?.published.key.thumbprint),
            ("prompt", (prompt ?? options.prompt).map { Self.known($0, metadata) }),
            ("max_age", (maxAge ?? options.maxAge).map { String($0) }),
            ("acr_values", Self.list(acrValues.isEmpty ? options.acrValues : acrValues)), ("login_hint", loginHint),
            ("ui_locales", Self.list(uiLocales.isEmpty ? options.uiLocales : uiLocales)), ("audience", options.audience),
        ]
        let own = values.compactMap { name, value in value.map { (name: name, value: $0) } }
        let resources = options.resources.map { (name: "resource", value: $0) }
        return own + resources + (options.furtherParameters + furtherParameters).filter { !Self.isReserved($0.name) }
    }

    private static func list(_ values: [String]) -> String? { values.isEmpty ? nil : values.joined(separator: " ") }

    /// Some providers know no `select_account`: to offer another account they have to ask for the password.
    private static func known(_ prompt: String, _ metadata: ProviderMetadata) -> String {
        guard sameBytes(prompt, "select_account"), let values = metadata.promptValues, !values.contains(prompt),
            values.contains("login")
        else { return prompt }
        return "login"
    }

    /// A second copy of one of these would let the provider read another request than ours (RFC 6749 §3.1).
    package static func isReserved(_ name: String) -> Bool { reserved.contains { sameBytes($0, name) } }

    private static let reserved = [
        "client_id", "redirect_uri", "response_type", "response_mode", "scope", "state", "nonce", "code_challenge",
        "code_challenge_method", "dpop_jkt", "prompt", "max_age", "acr_values", "login_hint", "ui_locales", "request",
        "request_uri", "client_secret", "client_assertion", "client_assertion_type",
    ]
}
