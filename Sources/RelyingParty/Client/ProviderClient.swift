package import Accounts
package import JOSE
package import OpenIDConnect

/// How a client authenticates at the token endpoint (OpenID Connect Core §9, RFC 8705 §2).
package enum ClientAuthenticationMethod: String, Sendable, CaseIterable {
    case clientSecretBasic = "client_secret_basic"
    case clientSecretPost = "client_secret_post"
    case clientSecretJWT = "client_secret_jwt"
    case privateKeyJWT = "private_key_jwt"
    /// The certificate is the connection's: `ProviderConnection.certificate`.
    case tlsClientAuth = "tls_client_auth"
    case none
}

/// One registration of ours at one provider.
package struct ProviderClient: Sendable {
    /// The provider's `id` in the configuration: for logs and links, never sent.
    package var id: String
    package var issuer: String
    /// Where the provider is reached, where that is not where its metadata say.
    package var addresses = ProviderAddresses()
    package var clientID: String
    package var clientSecret: Secret?
    /// For `private_key_jwt` and signed requests.
    package var clientKey: ClientKey?
    /// `nil`: by what the provider's metadata offer, `client_secret_basic` first; `none` where there is no secret and no key.
    package var authenticationMethod: ClientAuthenticationMethod?
    /// With it, tokens are asked for that only its holder can use (RFC 9449), and others refused.
    package var dpopKey: SigningKey?
    package var scopes: Scope
    package var authorization = AuthorizationOptions()
    /// Seconds that the provider's clock may be off.
    package var clockSkew: Int64
    /// Whether the userinfo endpoint is asked for claims that the ID token does not have.
    package var usesUserinfo: Bool
    /// ID tokens signed otherwise are refused, whatever the provider's metadata offer.
    package var algorithms: [SignatureAlgorithm]
    /// Whether a reply without `iss` is refused, whatever the provider's metadata say (RFC 9207 §2.4).
    package var requiresResponseIssuer = false
    package var claims = ClaimMapping()
    /// Where groups are looked up that are too many for an ID token of Microsoft's; `nil`: nowhere.
    package var groupOverage: GroupOverage?

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
