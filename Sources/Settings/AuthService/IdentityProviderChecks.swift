import Yams

/// What has to fit together within one entry of `authService.providers`.
enum IdentityProviderChecks {
    private typealias Section = IdentityProviderSection

    static func run(_ entry: IdentityProviderSettings, _ fields: Fields) {
        checkSecret(entry, fields)
        checkProofs(entry, fields)
        checkScopes(entry, fields)
        checkEmbedded(entry, fields)
        if fields.given(Section.algorithms.name)?.sequence?.isEmpty == true {
            fields.reading.error(
                "`algorithms` is empty: no ID token could pass", "remove it", at: fields.given(Section.algorithms.name))
        }
    }

    private static func checkSecret(_ entry: IdentityProviderSettings, _ fields: Fields) {
        let secret = fields.given(Section.clientSecret.name)
        if entry.source == .embedded {
            guard let secret else { return }
            fields.reading.warning(
                "`clientSecret` is not used with `embedded: true`", "remove it; the client's own entry has it", at: secret)
            return
        }
        if !entry.tokenEndpointAuth.usesSecret, let secret {
            fields.reading.error(
                "`clientSecret` is there, but `tokenEndpointAuth` is `\(entry.tokenEndpointAuth.rawValue)`", "keep one of them",
                at: secret)
        }
        if entry.tokenEndpointAuth.usesSecret, secret == nil {
            fields.reading.error(
                "`clientSecret` is missing", "add `clientSecret: { file: … }`, or `tokenEndpointAuth: none` for a public client",
                at: fields.node)
        }
    }

    private static func checkProofs(_ entry: IdentityProviderSettings, _ fields: Fields) {
        let hasKey = fields.given(Section.clientKey.name) != nil
        if entry.tokenEndpointAuth == .privateKeyJWT, !hasKey {
            fields.reading.error("`private_key_jwt` needs `clientKey`", "add `clientKey: { file: … }`", at: fields.node)
        }
        if entry.request.isSigned, !hasKey {
            fields.reading.error("signed requests need `clientKey`", "add `clientKey: { file: … }`", at: fields.node)
        }
        let hasCertificate = fields.given(Section.connection.name)?.mapping?["certificate"] != nil
        if entry.tokenEndpointAuth == .tlsClientAuth, !hasCertificate {
            fields.reading.error(
                "`tls_client_auth` needs a certificate", "add `connection: { certificate: …, certificateKey: … }`",
                at: fields.node)
        }
    }

    private static func checkScopes(_ entry: IdentityProviderSettings, _ fields: Fields) {
        guard let node = fields.given(Section.scopes.name), node.sequence != nil, !entry.scopes.contains("openid") else { return }
        fields.reading.error("`scopes` lacks `openid`", "add it: without it there is no ID token", at: node)
    }

    /// What only makes sense with a provider that is elsewhere.
    private static func checkEmbedded(_ entry: IdentityProviderSettings, _ fields: Fields) {
        guard entry.source == .embedded else { return }
        for name in [Section.internalURL.name, Section.endpoints.name, Section.connection.name, Section.dpop.name] {
            guard let node = fields.given(name) else { continue }
            fields.reading.error(
                "`\(name)` is there with `embedded: true`", "remove it: that provider is in this process", at: node)
        }
    }
}
