package import JOSE

/// A client of the provider (RFC 6749 §2).
package struct Client: Sendable {
    /// How a client proves who it is (RFC 6749 §2.3, OpenID Connect Core §9).
    package enum Authentication: String, Sendable, CaseIterable {
        case clientSecretBasic = "client_secret_basic"
        case clientSecretPost = "client_secret_post"
        case clientSecretJWT = "client_secret_jwt"
        case privateKeyJWT = "private_key_jwt"
        /// By a certificate whose name is registered (RFC 8705 §2.1).
        case tlsClientAuth = "tls_client_auth"
        /// By a certificate that is registered itself (RFC 8705 §2.2).
        case selfSignedTLSClientAuth = "self_signed_tls_client_auth"
        /// Only `client_id`: public clients.
        case identified = "none"
    }

    /// Where the keys are that verify what the client signs.
    package enum Keys: Sendable {
        case set(JSONWebKeySet)
        /// Published at this URL (RFC 7591 §2, `jwks_uri`).
        case uri(String)
    }

    /// Which certificate is the client's (RFC 8705 §2).
    package enum CertificateRule: Sendable, Equatable {
        /// The subject, as RFC 4514 writes it.
        case subject(String)
        case host(String)
        case uri(String)
        case email(String)
        /// SHA-256 of the certificates themselves.
        case fingerprints([SHA256Bytes])
    }

    /// How access tokens of the client look.
    package enum AccessTokenFormat: String, Sendable, CaseIterable {
        /// `at+jwt` (RFC 9068): whoever has our keys can read and verify them.
        case jwt
        /// Only we can read them: others ask at the introspection endpoint.
        case opaque
    }

    /// About whose tokens the client may ask at the introspection endpoint.
    package enum Introspection: String, Sendable, CaseIterable {
        /// Those issued to it, and those that it is an audience of.
        case own
        case all
    }

    package let id: String
    /// What users read.
    package var name: String
    /// Any of them authenticates, as any of `secretDigests`. Public clients have none, nor have those that sign with a key.
    package var secrets: [Secret]
    /// SHA-256 of further secrets.
    package var secretDigests: [SecretDigest] = []
    /// Whether the client can keep no secret (RFC 6749 §2.1): it has none, and has to use PKCE.
    package var isPublic: Bool
    /// The only way in which it may authenticate; `nil`: with its secret, in the header or in the form.
    package var authentication: Authentication?
    package var keys: Keys?
    /// For the two ways in which it authenticates by a certificate.
    package var certificate: CertificateRule?
    /// Whether its access tokens are good only with the certificate that they were asked for with (RFC 8705 §3).
    package var bindsAccessTokens = false
    package var grantTypes = GrantType.usual
    /// Compared byte for byte; for public clients loopback addresses match with any port (RFC 8252 §7.3).
    package var redirectURIs: [String]
    /// Compared byte for byte.
    package var postLogoutRedirectURIs: [String]
    /// Whether its users are never asked what it may know (unless it asks for that itself). `nil`: only where it is not sure which
    /// program has its id (RFC 8252 §8.6).
    package var skipsConsent: Bool?
    /// Whether it gets refresh tokens without `offline_access`, too: those end with the session.
    package var refreshesOnline = false
    /// Where it is told of sign-outs (Back-Channel Logout §2.2).
    package var backChannelLogoutURI: String?
    /// What the sign-out page loads in a frame (Front-Channel Logout §2), with `iss` and `sid`.
    package var frontChannelLogoutURI: String?
    /// `nil`: the issuer's default.
    package var idTokenSigningAlgorithm: SignatureAlgorithm?
    package var lifetimes = ClientLifetimes()
    package var accessTokenFormat = AccessTokenFormat.jwt
    /// `aud` of its access tokens; its id where there is none.
    package var accessTokenAudience: [String] = []
    /// What it may ask for; `nil`: everything that the provider knows. Values that the provider does not know are the client's own.
    package var scopes: [String]?
    /// Clients that may have tokens whose audience is this one (as Dex's `trustedPeers`).
    package var trustedPeers: [String] = []
    /// Audiences beside those clients that it may exchange tokens for (RFC 8693 §2.1).
    package var exchangeAudiences: [String] = []
    /// Ids of the connectors whose upstreams' ID tokens it may exchange for ours; empty: none.
    package var exchangeConnectors: [String] = []
    /// Ids of the connectors whose users it takes; `nil`: all.
    package var connectors: [String]?
    /// Its users are in one of these; `nil`: everybody.
    package var groups: [String]?
    /// Whether its users have to give a second factor; `nil`: as connector, groups and the provider say.
    package var secondFactor: SecondFactorRule?
    package var introspection = Introspection.own
    /// RFC 9700 §2.1.1; public clients have to in any case.
    package var requiresPKCE = false
    /// RFC 9126 §6.
    package var requiresPushedRequests = false
    /// RFC 9101 §10.5.
    package var requiresSignedRequests = false

    package init(
        id: String, name: String, secrets: [Secret], isPublic: Bool = false, redirectURIs: [String],
        postLogoutRedirectURIs: [String] = [], idTokenSigningAlgorithm: SignatureAlgorithm? = nil
    ) {
        self.id = id
        self.name = name
        self.secrets = secrets
        self.isPublic = isPublic
        self.redirectURIs = redirectURIs
        self.postLogoutRedirectURIs = postLogoutRedirectURIs
        self.idTokenSigningAlgorithm = idTokenSigningAlgorithm
    }
}
