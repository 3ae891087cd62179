import JOSE

/// `provider.clients[]`
enum ClientSection {
    static let id = Key.required("id", .clientID(), standIn: "", "The client id, unique.")
    static let secret = Key.optional("secret", .secret(.clientSecret), "The client secret; public clients have none.")
    static let secrets = Key.defaulted(
        "secrets", .list(of: .secret(.clientSecret)), [], "Several secrets at once: any of them is right.")
    static let secretHashes = Key.defaulted(
        "secretHashes", .list(of: SecretHash.shape), [],
        "Secrets that only the client knows: `sha256:` and 64 hexadecimal digits.")
    static let isPublic = Key.defaulted(
        "public", .boolean(), false, "Whether the client can keep no secret (native and browser applications).")
    static let authentication = Key.optional(
        "tokenEndpointAuth", Shape<ClientSettings.Authentication>.choice(),
        "The only way in which it authenticates; its secret in the header or the form when missing.")
    static let jwksFile = Key.optional("jwksFile", KeySetFile.shape, "A file with its public keys (a JSON Web Key Set).")
    static let jwksURI = Key.optional("jwksURI", .endpoint(), "Where it publishes its keys.")
    static let tlsClientAuth = Key.optional(
        "tlsClientAuth", TLSClientAuthSection.section.shape, "Which certificate is the client's (RFC 8705).")
    static let tlsBoundAccessTokens = Key.defaulted(
        "tlsBoundAccessTokens", .boolean(), false,
        "Whether its access tokens are good only with the certificate that they were asked for with.")
    static let grantTypes = Key.defaulted(
        "grantTypes", .list(of: Shape<ClientSettings.GrantType>.choice()), ClientSettings.usualGrantTypes,
        "What it may show for tokens.")
    static let redirectURIs = Key.defaulted(
        "redirectURIs", .list(of: .redirectURI()), [], "Where codes may be sent: each in full, compared byte for byte.")
    static let postLogoutRedirectURIs = Key.defaulted(
        "postLogoutRedirectURIs", .list(of: .redirectURI()), [], "Where browsers may be sent after signing out.")
    static let backChannelLogoutURI = Key.optional(
        "backChannelLogoutURI", .logoutURI(), "Where the client is told of sign-outs, from server to server.")
    static let frontChannelLogoutURI = Key.optional(
        "frontChannelLogoutURI", .logoutURI(), "What the sign-out page loads in a frame, with `iss` and `sid`.")
    static let skipConsent = Key.optional(
        "skipConsent", .boolean(),
        "`false`: people are asked what the client may know. `true`: never, also where any program could have its id.")
    static let onlineRefresh = Key.defaulted(
        "onlineRefresh", .boolean(), false,
        "Whether the client gets refresh tokens without offline_access, too; those end with the session.")
    static let name = Key.optional("name", .text(), "What users read; the id when missing.")
    static let scopes = Key.optional(
        "scopes", .list(of: Shape<String>.scope()), "What it may ask for; values that the provider does not know are its own.")
    static let audience = Key.defaulted(
        "audience", .oneOrMore(of: Shape<String>.text()), [], "The `aud` of its access tokens; its id when missing.")
    static let accessTokenFormat = Key.defaulted(
        "accessTokenFormat", .choice(), ClientSettings.AccessTokenFormat.jwt,
        "`jwt`: RFC 9068; `opaque`: readable for the provider only.")
    static let idTokenLifetime = Key.optional(
        "idTokenLifetime", .duration(atLeast: 60, atMost: 7 * 86400), "In place of `tokens`'.")
    static let accessTokenLifetime = Key.optional(
        "accessTokenLifetime", .duration(atLeast: 60, atMost: 7 * 86400), "In place of `tokens`'.")
    static let refreshTokenIdle = Key.optional(
        "refreshTokenIdle", .duration(atLeast: 60, atMost: RefreshSection.years), "In place of `tokens.refresh.idle`.")
    static let refreshTokenLifetime = Key.optional(
        "refreshTokenLifetime", .duration(atLeast: 60, atMost: RefreshSection.years), "In place of `tokens.refresh.lifetime`.")
    static let idTokenAlgorithm = Key.optional(
        "idTokenAlgorithm", .signatureAlgorithm(), "How its tokens are signed; one of `signingAlgorithms`.")
    static let trustedPeers = Key.defaulted(
        "trustedPeers", .list(of: .clientID()), [], "Clients that may have tokens for this one.")
    static let exchangeAudiences = Key.defaulted(
        "exchangeAudiences", .list(of: Shape<String>.text()), [], "Audiences beside clients that it may have tokens for.")
    static let exchangeConnectors = Key.defaulted(
        "exchangeConnectors", .list(of: Shape<String>.id()), [],
        "Connectors whose upstreams' ID tokens and access tokens it may exchange for ours."
    )
    static let connectors = Key.optional("connectors", .list(of: Shape<String>.id()), "Whose users it takes; all when missing.")
    static let groups = Key.optional(
        "groups", .list(of: Shape<String>.text()), "Its users have to be in one of these; anybody when missing.")
    static let mfa = Key.optional(
        "mfa", Shape<SecondFactorRuleSetting>.choice(),
        "Whether its users are asked for a second factor; as connector, groups and provider say when missing.")
    static let introspection = Key.defaulted(
        "introspection", .choice(), ClientSettings.Introspection.own, "About whose tokens it may ask: `own` or `all`.")
    static let requirePKCE = Key.defaulted(
        "requirePKCE", .boolean(), false, "Whether it has to use PKCE although it authenticates; public clients always have to.")
    static let requirePushedRequests = Key.defaulted(
        "requirePushedRequests", .boolean(), false, "Whether it has to push its authorization requests (RFC 9126).")
    static let requireSignedRequests = Key.defaulted(
        "requireSignedRequests", .boolean(), false, "Whether it has to sign its authorization requests (RFC 9101).")

    static let section = Section(
        "client",
        [
            id.listed, secret.listed, secrets.listed, secretHashes.listed, isPublic.listed, authentication.listed,
            jwksFile.listed, jwksURI.listed, tlsClientAuth.listed, tlsBoundAccessTokens.listed, grantTypes.listed,
            redirectURIs.listed, postLogoutRedirectURIs.listed,
            backChannelLogoutURI.listed, frontChannelLogoutURI.listed, skipConsent.listed, onlineRefresh.listed, name.listed,
            scopes.listed, audience.listed, accessTokenFormat.listed, idTokenLifetime.listed, accessTokenLifetime.listed,
            refreshTokenIdle.listed, refreshTokenLifetime.listed, idTokenAlgorithm.listed, trustedPeers.listed,
            exchangeAudiences.listed, exchangeConnectors.listed, connectors.listed,
            groups.listed, mfa.listed, introspection.listed, requirePKCE.listed, requirePushedRequests.listed,
            requireSignedRequests.listed,
        ]
    ) { fields in
        let id = fields(id)
        let client = ClientSettings(
            id: id, secrets: [fields(secret)].compactMap { $0 } + fields(secrets), secretHashes: fields(secretHashes),
            isPublic: fields(isPublic), authentication: fields(authentication), keys: keys(fields),
            certificate: fields(tlsClientAuth), bindsAccessTokens: fields(tlsBoundAccessTokens),
            grantTypes: fields(grantTypes), redirectURIs: fields(redirectURIs),
            postLogoutRedirectURIs: fields(postLogoutRedirectURIs), backChannelLogoutURI: fields(backChannelLogoutURI),
            frontChannelLogoutURI: fields(frontChannelLogoutURI), skipsConsent: fields(skipConsent),
            refreshesOnline: fields(onlineRefresh), name: fields(name) ?? id, scopes: fields(scopes),
            audience: fields(audience), accessTokenFormat: fields(accessTokenFormat), idTokenLifetime: fields(idTokenLifetime),
            accessTokenLifetime: fields(accessTokenLifetime), refreshTokenIdle: fields(refreshTokenIdle),
            refreshTokenLifetime: fields(refreshTokenLifetime), idTokenAlgorithm: fields(idTokenAlgorithm),
            trustedPeers: fields(trustedPeers), exchangeAudiences: fields(exchangeAudiences),
            exchangeConnectors: fields(exchangeConnectors), connectors: fields(connectors), groups: fields(groups),
            mfa: fields(mfa), introspection: fields(introspection),
            requiresPKCE: fields(requirePKCE), requiresPushedRequests: fields(requirePushedRequests),
            requiresSignedRequests: fields(requireSignedRequests))
        ClientAuthenticationChecks.run(client, fields)
        return client
    }

    private static func keys(_ fields: Fields) -> KeySetSource? {
        if fields.given(jwksFile.name) != nil, fields.given(jwksURI.name) != nil {
            fields.reading.error("`jwksFile` and `jwksURI` are both there", "keep one of them", at: fields.node)
        }
        return fields(jwksFile).map { .set($0) } ?? fields(jwksURI).map { .uri($0) }
    }
}

/// Whether a client can prove who it is in the way that it is to.
enum ClientAuthenticationChecks {
    static func run(_ client: ClientSettings, _ fields: Fields) {
        let secretNode = fields.given(ClientSection.secret.name) ?? fields.given(ClientSection.secrets.name)
        let hasSecret = secretNode != nil || fields.given(ClientSection.secretHashes.name) != nil
        let hasKeys = fields.given(ClientSection.jwksFile.name) != nil || fields.given(ClientSection.jwksURI.name) != nil
        let name = quoted(client.id)
        switch (hasSecret, client.isPublic) {
        case (true, true):
            fields.reading.error(
                "the public client \(name) has a `secret`", "remove it, or `public`", at: secretNode ?? fields.node)
        case (false, false) where !hasKeys && client.certificate == nil:
            fields.reading.error(
                "the client \(name) has no `secret`", "add `secret: { file: … }`, or `public: true`", at: fields.node)
        case (true, false), (false, _): method(client, hasKeys, fields)
        }
    }

    private static func method(_ client: ClientSettings, _ hasKeys: Bool, _ fields: Fields) {
        let node = fields.given(ClientSection.authentication.name)
        switch client.authentication {
        case .privateKeyJWT where !hasKeys:
            fields.reading.error("`private_key_jwt` needs the client's keys", "add `jwksFile` or `jwksURI`", at: node)
        case .clientSecretJWT where client.secrets.isEmpty && fields.reading.isSound(fields.reading.way):
            fields.reading.error("`client_secret_jwt` needs a secret in clear", "add `secret`", at: node)
        case _ where client.isPublic && client.authentication != nil:
            fields.reading.error("a public client does not authenticate", "remove `tokenEndpointAuth`", at: node)
        case .tlsClientAuth, .selfSignedTLSClientAuth, nil: certificate(client, fields)
        case .clientSecretBasic, .clientSecretPost, .clientSecretJWT, .privateKeyJWT: return
        }
    }

    /// A name goes with `tls_client_auth`, a certificate with `self_signed_tls_client_auth`.
    private static func certificate(_ client: ClientSettings, _ fields: Fields) {
        let node = fields.given(ClientSection.tlsClientAuth.name) ?? fields.given(ClientSection.authentication.name)
        let fits =
            switch (client.authentication, client.certificate) {
            case (.tlsClientAuth?, .subject?), (.tlsClientAuth?, .host?), (.tlsClientAuth?, .uri?), (.tlsClientAuth?, .email?):
                true
            case (.selfSignedTLSClientAuth?, .certificates?): true
            case (_, nil): client.authentication == nil
            case (_, _?): false
            }
        guard !fits, fields.reading.isSound(fields.reading.way) else { return }
        fields.reading.error(
            "`tlsClientAuth` does not fit `tokenEndpointAuth`",
            "`tls_client_auth` goes with a name, `self_signed_tls_client_auth` with `certificate`", at: node ?? fields.node)
    }
}
