import Manifests

/// The one provider at which oauth2-proxy signs people in.
struct OAuth2ProxyProvider {
    /// An entry of `authService.providers`.
    let entry: YAMLValue
    /// Our own provider, where it takes the place of another or stands in between.
    let own: YAMLValue?
    /// Whose tokens are good, and for whom they are.
    let issuer: String
    let clientID: String

    init(
        _ options: ForeignValue, _ gateway: OAuth2ProxyGateway, _ place: ImportPlace, _ dex: EmbeddedDex?,
        _ variables: (String) -> String?
    ) {
        let client = OAuth2ProxyClient(options, hasSecret: dex == nil, variables)
        clientID = client.id
        if let dex {
            (entry, own, issuer) = Self.embedded(dex, client, options, gateway)
        } else if let connector = OAuth2ProxyConnector(options, client) {
            (entry, own, issuer) = Self.between(connector, options, gateway, place)
        } else {
            (entry, issuer) = OAuth2ProxyIssuer(options, gateway, place).entry(client)
            own = nil
        }
    }

    // The provider is Dex, which moves in.

    private static func embedded(
        _ dex: EmbeddedDex, _ client: OAuth2ProxyClient, _ options: ForeignValue, _ gateway: OAuth2ProxyGateway
    ) -> (YAMLValue, YAMLValue?, String) {
        if let given = options.take("oidc_issuer_url"), given.text != dex.foreignIssuer {
            given.say(.todo, "this is not the issuer of the Dex that was given, `\(dex.foreignIssuer)`")
        }
        if !dex.knows(client.id) {
            options.take("client_id")?.say(.todo, "Dex has no client of this id: name the one that the auth service is")
        }
        for key in ["login_url", "redeem_url", "oidc_jwks_url", "profile_url", "client_secret", "client_secret_file"] {
            options.leave(key, .note, "the provider is in the same file")
        }
        for key in ["provider", "skip_oidc_discovery"] { _ = options.take(key) }
        let entry = entries(
            ("id", "local"), ("name", options.text("provider_display_name").map { .string($0) }), ("embedded", true),
            ("clientID", .string(client.id)), ("scopes", OAuth2ProxyIssuer.scopes(options)),
            ("request", OAuth2ProxyRequest.read(options).unlessEmpty), ("claims", OAuth2ProxyClaims.read(options).unlessEmpty),
            ("allow", OAuth2ProxyAdmission.read(options)))
        return (
            entry, dex.provider(client: client.id, redirectURI: gateway.redirectURI, signedOutURI: gateway.signedOutURI),
            dex.issuer
        )
    }

    // The provider speaks OAuth 2.0 only: ours stands in between.

    private static func between(
        _ connector: OAuth2ProxyConnector, _ options: ForeignValue, _ gateway: OAuth2ProxyGateway, _ place: ImportPlace
    ) -> (YAMLValue, YAMLValue?, String) {
        let issuer = place.issuer ?? gateway.publicURL + "/dex"
        options.report.say(
            .todo, "provider",
            "register `\(issuer)/callback/\(connector.id)` with \(connector.name) as the redirect URI: people come back there")
        let secret = options.report.file("secrets/client-gatehouse.secret", Array(ForeignText.randomKey().utf8)).asFile
        if !connector.hasSecret {
            options.report.say(.todo, "client_secret", "there is none: set the variable CLIENT_SECRET")
        }
        let own = entries(
            ("issuer", .string(issuer)),
            (
                "clients",
                [
                    entries(
                        ("id", "gatehouse"), ("secret", secret), ("redirectURIs", .strings([gateway.redirectURI])),
                        ("postLogoutRedirectURIs", .strings([gateway.signedOutURI])), ("skipConsent", true))
                ]
            ), ("connectors", [connector.value(redirectURI: "\(issuer)/callback/\(connector.id)")]))
        let entry = entries(
            ("id", "local"), ("embedded", true), ("clientID", "gatehouse"),
            ("scopes", ["openid", "email", "profile", "groups", "offline_access"]), ("allow", OAuth2ProxyAdmission.read(options)))
        return (entry, own, issuer)
    }
}

extension OAuth2ProxyGateway {
    var redirectURI: String {
        publicURL + (path?.text ?? "/oauth2") + "/callback"
    }

    var signedOutURI: String { publicURL + (path?.text ?? "/_gatehouse") + "/sign-out" }
}

/// Whom the provider takes the proxy for.
struct OAuth2ProxyClient {
    let id: String
    /// nil: none, or a key.
    let secret: YAMLValue?
    let key: YAMLValue?

    /// Without a secret where the provider is in the same file, which has it already.
    init(_ options: ForeignValue, hasSecret: Bool, _ variables: (String) -> String?) {
        id = Self.id(options, variables)
        guard hasSecret else {
            (secret, key) = (nil, nil)
            return
        }
        secret =
            options.secret("client_secret", file: "client.secret")
            ?? options.text("client_secret_file").map { YAMLValue.string($0).asFile }
        key =
            options.secret("jwt_key", file: "client-key.pem") ?? options.text("jwt_key_file").map { YAMLValue.string($0).asFile }
    }

    /// Ids are names: where one comes from the environment, its value of now is written down.
    private static func id(_ options: ForeignValue, _ variables: (String) -> String?) -> String {
        guard let given = options.take("client_id"), let text = given.text, !text.isEmpty else {
            options.report.say(.todo, "client_id", "say which client the provider knows: `oauth2-proxy` stands there")
            return "oauth2-proxy"
        }
        guard let variable = given.variable() else { return text }
        if let value = variables(variable), !value.isEmpty { return value }
        given.say(.todo, "put the value of \(variable) as `clientID`: it is not set here; the name stands for it")
        return variable
    }
}

extension ForeignText {
    /// 32 random bytes in hexadecimal digits.
    static func randomKey() -> String {
        var random = SystemRandomNumberGenerator()
        return (0..<32).map { _ in
            let digits = String(UInt8.random(in: .min ... .max, using: &random), radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
