package import JOSE

/// One client of the provider (RFC 6749, section 2).
package struct ClientSettings: Sendable {
    package enum Authentication: String, Sendable, CaseIterable {
        case clientSecretBasic = "client_secret_basic"
        case clientSecretPost = "client_secret_post"
        case clientSecretJWT = "client_secret_jwt"
        case privateKeyJWT = "private_key_jwt"
        case tlsClientAuth = "tls_client_auth"
        case selfSignedTLSClientAuth = "self_signed_tls_client_auth"
    }

    /// Which certificate is the client's.
    package enum CertificateRule: Sendable {
        case subject(String)
        case host(String)
        case uri(String)
        case email(String)
        case certificates([Certificate])
    }

    package enum GrantType: String, Sendable, CaseIterable {
        case authorizationCode = "authorization_code"
        case refreshToken = "refresh_token"
        case deviceCode = "device_code"
        case clientCredentials = "client_credentials"
        case tokenExchange = "token_exchange"
        case jwtBearer = "jwt_bearer"
        case password
    }

    package enum AccessTokenFormat: String, Sendable, CaseIterable {
        case jwt, opaque
    }

    package enum Introspection: String, Sendable, CaseIterable {
        case own, all
    }

    package var id: String
    /// In clear; any of them authenticates.
    package var secrets: [Secret]
    /// SHA-256 of further ones, 32 bytes each.
    package var secretHashes: [[UInt8]]
    package var isPublic: Bool
    /// nil: the secret, in the header or in the form.
    package var authentication: Authentication?
    package var keys: KeySetSource?
    package var certificate: CertificateRule?
    /// Whether its access tokens are good with its certificate only.
    package var bindsAccessTokens: Bool
    package var grantTypes: [GrantType]
    /// Compared byte for byte with what the client sends.
    package var redirectURIs: [String]
    package var postLogoutRedirectURIs: [String]
    /// Where it is told of sign-outs, from server to server.
    package var backChannelLogoutURI: String?
    /// What the sign-out page loads in a frame.
    package var frontChannelLogoutURI: String?
    /// nil: only where it is not sure which program has its id.
    package var skipsConsent: Bool?
    /// Whether it gets refresh tokens without `offline_access`, which end with the session.
    package var refreshesOnline: Bool
    /// What users read; the id where the file has none.
    package var name: String
    /// nil: everything that the provider knows.
    package var scopes: [String]?
    package var audience: [String]
    package var accessTokenFormat: AccessTokenFormat
    /// Seconds; nil: the provider's.
    package var idTokenLifetime: Int64?
    package var accessTokenLifetime: Int64?
    package var refreshTokenIdle: Int64?
    package var refreshTokenLifetime: Int64?
    /// nil: the provider's first.
    package var idTokenAlgorithm: SignatureAlgorithm?
    package var trustedPeers: [String]
    package var exchangeAudiences: [String]
    package var exchangeConnectors: [String]
    /// nil: all.
    package var connectors: [String]?
    package var groups: [String]?
    /// nil: as the connector, groups and the provider say.
    package var mfa: SecondFactorRuleSetting?
    package var introspection: Introspection
    package var requiresPKCE: Bool
    package var requiresPushedRequests: Bool
    package var requiresSignedRequests: Bool

    /// The first secret in clear.
    package var secret: Secret? { secrets.first }

    package static let usualGrantTypes: [GrantType] = [.authorizationCode, .refreshToken, .deviceCode]
}
