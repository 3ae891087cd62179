package import JOSE
package import OpenIDConnect

/// How a client authenticates at the token endpoint (OpenID Connect Core §9).
package enum ClientAuthenticationMethod: String, Sendable, CaseIterable {
    case clientSecretBasic = "client_secret_basic"
    case clientSecretPost = "client_secret_post"
    case none
}

/// One registration of ours at one provider.
package struct ProviderClient: Sendable {
    /// The provider's `id` in the configuration: for logs and links, never sent.
    package var id: String
    package var issuer: String
    package var clientID: String
    package var clientSecret: Secret?
    /// `nil`: by what the provider's metadata offer, `client_secret_basic` first; `none` where there is no secret.
    package var authenticationMethod: ClientAuthenticationMethod?
    package var scopes: Scope
    /// Seconds that the provider's clock may be off.
    package var clockSkew: Int64
    /// Whether the userinfo endpoint is asked for claims that the ID token does not have.
    package var usesUserinfo: Bool
    /// ID tokens signed otherwise are refused, whatever the provider's metadata offer.
    package var algorithms: [SignatureAlgorithm]

    package init(
        id: String, issuer: String, clientID: String, clientSecret: Secret? = nil,
        authenticationMethod: ClientAuthenticationMethod? = nil, scopes: Scope = Scope(["openid"]), clockSkew: Int64 = 60,
        usesUserinfo: Bool = false, algorithms: [SignatureAlgorithm] = SignatureAlgorithm.allCases
    ) {
        self.id = id
        self.issuer = issuer
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.authenticationMethod = authenticationMethod
        self.scopes = scopes
        self.clockSkew = clockSkew
        self.usesUserinfo = usesUserinfo
        self.algorithms = algorithms
    }
}
