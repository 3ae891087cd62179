package import JOSE
package import Web
package import WebAuthn

/// What an operator decides about a provider.
package struct IssuerSettings: Sendable {
    /// The issuer identifier, an absolute http or https URL without `/` at its end; `iss` everywhere.
    package let issuer: String
    package let clients: [Client]
    package let lifetimes: TokenLifetimes
    /// What tokens can be signed with; the first where a client says nothing. At least one.
    package let signingAlgorithms: [SignatureAlgorithm]
    package var theme = PageTheme.builtIn
    package var sessions = SSOSettings()
    package var secondFactor: SecondFactorSettings
    /// `nil`: nobody has passkeys.
    package var passkeys: RelyingPartyPolicy?
    /// The connector that checks passwords which clients send (RFC 6749 §4.3); `nil`: none may.
    package var passwordConnector: String?
    /// Certificates of clients count; `nil`: they do not.
    package var clientCertificates: ClientCertificateTrust?
    package var assertionIssuers: [AssertionIssuer] = []
    /// `nil`: administrators make none in the store.
    package var storedClients: StoredClients?
    /// `nil`: administrators make none in the store.
    package var storedConnectors: StoredConnectors?
    /// `nil`: no client registers itself.
    package var registration: ClientRegistration?

    package init(
        issuer: String, clients: [Client], lifetimes: TokenLifetimes = TokenLifetimes(),
        signingAlgorithms: [SignatureAlgorithm] = [.rs256, .es256]
    ) {
        self.issuer = issuer
        self.clients = clients
        self.lifetimes = lifetimes
        self.signingAlgorithms = signingAlgorithms
        secondFactor = SecondFactorSettings(label: Origin(issuer)?.host ?? issuer)
    }

    func client(_ id: String) -> Client? {
        clients.first { sameBytes($0.id, id) } ?? storedClients?.client(id) ?? registration?.client(id)
    }

    /// Whether a client has this id.
    package func isKnown(_ id: String) -> Bool { client(id) != nil }

    /// How clients can authenticate, by public clients' none as well.
    var authentications: [Client.Authentication] {
        Client.Authentication.allCases.filter { method in
            switch method {
            case .tlsClientAuth: !(clientCertificates?.authorities.isEmpty ?? true)
            case .selfSignedTLSClientAuth: clientCertificates != nil
            case .clientSecretBasic, .clientSecretPost, .clientSecretJWT, .privateKeyJWT, .identified: true
            }
        }
    }

    /// What the token endpoint knows.
    var grantTypes: [GrantType] {
        GrantType.allCases.filter { type in
            switch type {
            case .authorizationCode, .refreshToken, .deviceCode, .clientCredentials, .tokenExchange: true
            case .password: passwordConnector != nil
            case .jwtBearer: !assertionIssuers.isEmpty
            }
        }
    }

    func lifetimes(of client: Client) -> TokenLifetimes { client.lifetimes.over(lifetimes) }

    func signingAlgorithm(of client: Client) -> SignatureAlgorithm {
        // A client may have registered with one that the operator has taken away since.
        let wanted = client.idTokenSigningAlgorithm.flatMap { signingAlgorithms.contains($0) ? $0 : nil }
        return wanted ?? signingAlgorithms.first ?? .rs256
    }
}

/// How long what we issue is valid, in seconds.
package struct TokenLifetimes: Sendable, Equatable {
    package var authorizationCode: Int64
    package var idToken: Int64
    package var accessToken: Int64
    /// A refresh token that is not used for so long ends.
    package var refreshIdle: Int64
    /// All refresh tokens of a sign-in end so long after it.
    package var refreshLifetime: Int64
    /// For so long the refresh token before the newest one gets the newest one again: two tabs, or a lost reply. Used later, it
    /// ends the family.
    package var refreshReuseWindow: Int64

    package init(
        authorizationCode: Int64 = 120, idToken: Int64 = 3600, accessToken: Int64 = 3600, refreshIdle: Int64 = 30 * 86400,
        refreshLifetime: Int64 = 180 * 86400, refreshReuseWindow: Int64 = 10
    ) {
        self.authorizationCode = authorizationCode
        self.idToken = idToken
        self.accessToken = accessToken
        self.refreshIdle = refreshIdle
        self.refreshLifetime = refreshLifetime
        self.refreshReuseWindow = refreshReuseWindow
    }
}
