package import JOSE

/// One OpenID provider at which users sign in.
package struct IdentityProviderSettings: Sendable {
    package enum Source: Sendable, Equatable {
        /// The provider in this process (`Configuration.provider`), reached in memory.
        case embedded
        /// An outside provider, by its issuer identifier: `ConfiguredURL.text` is what `iss` must equal byte for byte.
        case issuer(ConfiguredURL)
    }

    /// How the client authenticates at the token endpoint (OpenID Connect Core, section 9).
    package enum TokenEndpointAuth: String, Sendable, CaseIterable {
        case clientSecretBasic = "client_secret_basic"
        case clientSecretPost = "client_secret_post"
        case none
    }

    /// Unique; shown in logs and used in URLs.
    package var id: String
    package var source: Source
    package var clientID: String
    /// nil for a public client, and for the embedded provider: there the client's own entry has it.
    package var clientSecret: Secret?
    /// Holds `openid`.
    package var scopes: [String]
    package var tokenEndpointAuth: TokenEndpointAuth
}
