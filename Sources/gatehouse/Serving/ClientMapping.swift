import JOSE
import OpenIDProvider
import Settings

extension Client {
    init(_ settings: ClientSettings) {
        self.init(
            id: settings.id, name: settings.name, secrets: settings.secrets, isPublic: settings.isPublic,
            redirectURIs: settings.redirectURIs, postLogoutRedirectURIs: settings.postLogoutRedirectURIs,
            idTokenSigningAlgorithm: settings.idTokenAlgorithm)
        secretDigests = settings.secretHashes.map(SecretDigest.init(bytes:))
        keys = settings.keys.map(Keys.init)
        certificate = settings.certificate.map(CertificateRule.init)
        bindsAccessTokens = settings.bindsAccessTokens
        authentication = Authentication(settings)
        grantTypes = Set(settings.grantTypes.map(GrantType.init))
        backChannelLogoutURI = settings.backChannelLogoutURI
        frontChannelLogoutURI = settings.frontChannelLogoutURI
        skipsConsent = settings.skipsConsent
        refreshesOnline = settings.refreshesOnline
        accessTokenFormat = settings.accessTokenFormat == .opaque ? .opaque : .jwt
        accessTokenAudience = settings.audience
        lifetimes = ClientLifetimes(
            idToken: settings.idTokenLifetime, accessToken: settings.accessTokenLifetime,
            refreshIdle: settings.refreshTokenIdle, refreshLifetime: settings.refreshTokenLifetime)
        scopes = settings.scopes
        trustedPeers = settings.trustedPeers
        exchangeAudiences = settings.exchangeAudiences
        exchangeConnectors = settings.exchangeConnectors
        connectors = settings.connectors
        groups = settings.groups
        secondFactor = settings.mfa.map(SecondFactorRule.init)
        introspection = settings.introspection == .all ? .all : .own
        requiresPKCE = settings.requiresPKCE
        requiresPushedRequests = settings.requiresPushedRequests
        requiresSignedRequests = settings.requiresSignedRequests
    }
}

extension Client.Authentication {
    /// A client that has keys and no secret signs.
    fileprivate init?(_ settings: ClientSettings) {
        switch settings.authentication {
        case .clientSecretBasic: self = .clientSecretBasic
        case .clientSecretPost: self = .clientSecretPost
        case .clientSecretJWT: self = .clientSecretJWT
        case .privateKeyJWT: self = .privateKeyJWT
        case .tlsClientAuth: self = .tlsClientAuth
        case .selfSignedTLSClientAuth: self = .selfSignedTLSClientAuth
        case nil:
            guard settings.keys != nil, settings.secrets.isEmpty, settings.secretHashes.isEmpty, !settings.isPublic else {
                return nil
            }
            self = .privateKeyJWT
        }
    }
}

extension Client.CertificateRule {
    fileprivate init(_ rule: ClientSettings.CertificateRule) {
        switch rule {
        case .subject(let name): self = .subject(name)
        case .host(let name): self = .host(name)
        case .uri(let name): self = .uri(name)
        case .email(let name): self = .email(name)
        case .certificates(let certificates): self = .fingerprints(certificates.map(\.fingerprint))
        }
    }
}

extension Client.Keys {
    init(_ source: KeySetSource) {
        switch source {
        case .set(let keys): self = .set(keys)
        case .uri(let url): self = .uri(url.text)
        }
    }
}

extension GrantType {
    fileprivate init(_ type: ClientSettings.GrantType) {
        switch type {
        case .authorizationCode: self = .authorizationCode
        case .refreshToken: self = .refreshToken
        case .deviceCode: self = .deviceCode
        case .clientCredentials: self = .clientCredentials
        case .tokenExchange: self = .tokenExchange
        case .jwtBearer: self = .jwtBearer
        case .password: self = .password
        }
    }
}
