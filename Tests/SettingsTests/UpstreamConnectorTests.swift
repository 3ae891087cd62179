import JOSE
import Settings
import Testing

/// `provider.connectors` that send people elsewhere.
@Suite struct UpstreamConnectorTests {
    private static let client = "clientID: x, clientSecret: { env: CORP_SECRET }"

    private static func with(_ type: String, _ options: String, key: String? = nil) -> String {
        Fixture.provider + "  connectors: [{ id: up, type: \(type), name: Up, \(key ?? type): { \(options) } }]\n"
    }

    private static func read(_ type: String, _ options: String) throws -> ConnectorSettings.Kind {
        try #require(try Fixture.read(with(type, options)).configuration.provider?.connectors.first?.kind)
    }

    @Test func openIDConnectHasDexsDefaults() throws {
        guard case .oidc(let oidc) = try Self.read("oidc", "issuer: https://up.example.com, \(Self.client)") else {
            Issue.record("another kind")
            return
        }
        #expect(oidc.scopes == ["profile", "email"] && oidc.userIDKey == "sub" && oidc.userNameKey == "name")
        #expect(oidc.promptType == "consent" && !oidc.getUserInfo && !oidc.insecureEnableGroups && !oidc.overrideClaimMapping)
        #expect(oidc.basicAuthUnsupported == nil && oidc.client.authorities == nil && oidc.client.redirectURI == nil)
    }

    @Test func everyKindIsRead() throws {
        let options = [
            "oidc":
                "issuer: https://up.example.com, \(Self.client), redirectURI: https://apps.example.com/dex/callback/up, promptType: none",
            "oauth":
                "\(Self.client), authorizationURL: https://a.example, tokenURL: https://b.example, userInfoURL: https://c.example",
            "github": "\(Self.client), orgs: [{ name: a, teams: [b] }], teamNameField: slug, hostName: git.example.com",
            "gitlab": "\(Self.client), baseURL: https://git.example.com/, groups: [a]",
            "google": "\(Self.client), hostedDomains: [example.com]",
            "microsoft": "\(Self.client), tenant: t-1, groups: [a], groupNameFormat: id",
            "authproxy": "trustedProxies: [10.0.0.1], staticGroups: [a]",
        ]
        for (type, text) in options { _ = try Self.read(type, text) }
        guard case .gitlab(let gitlab) = try Self.read("gitlab", options["gitlab"] ?? "") else { return }
        #expect(gitlab.baseURL == "https://git.example.com")
    }

    static let refused: [(yaml: String, says: String)] = [
        (with("oidc", client), "`issuer` is missing"),
        (with("oidc", "issuer: http://up.example.com, \(client)"), "is http on another machine"),
        (with("oidc", "issuer: https://up.example.com"), "`clientID` is missing"),
        (with("oidc", "issuer: https://up.example.com, \(client)", key: "oauth"), "`oauth` does not go with `type: oidc`"),
        (with("oidc", "issuer: https://up.example.com, \(client), isuer: x"), "did you mean `issuer`?"),
        (
            with("oidc", "issuer: https://up.example.com, \(client), redirectURI: https://apps.example.com/callback"),
            "does not lead here; write `https://apps.example.com/dex/callback` or `https://apps.example.com/dex/callback/up`"
        ),
        (
            with("oidc", "issuer: https://up.example.com, \(client), allowedGroups: [a]"),
            "`allowedGroups` goes with `insecureEnableGroups`"
        ),
        (
            with("oidc", "issuer: https://up.example.com, \(client), rootCA: tls.crt, rootCAs: [tls.crt]"),
            "`rootCA` and `rootCAs` are both there"
        ),
        (
            with("oauth", client + ", tokenURL: https://b.example, userInfoURL: https://c.example"),
            "`authorizationURL` is missing"
        ),
        (with("github", client + ", hostName: https://git.example.com"), "is not `host` or `host:port`"),
        (with("github", client + ", teamNameField: id"), "write one of `name`, `slug`, `both`"),
        (with("google", client + ", groups: [a@example.com]"), "`groups` in `google` is not supported by this version yet"),
        (with("google", client + ", adminEmail: a@example.com"), "`adminEmail` in `google` is not supported"),
        (with("microsoft", client + ", groups: [a]"), "`groups` needs one `tenant`"),
        (with("authproxy", "userHeader: X-User"), "`trustedProxies` is missing"),
        (with("authproxy", "trustedProxies: []"), "`trustedProxies` is empty"),
        (
            with("google", client) + "  passwordConnector: up\n", "the connector `up` checks no passwords"
        ),
    ]

    @Test(arguments: refused) func refuses(_ refused: (yaml: String, says: String)) {
        let errors = Fixture.errors(refused.yaml)
        #expect(errors.contains { $0.contains(refused.says) }, "\(errors)")
    }

    @Test func anyCertificateIsWarnedOf() throws {
        #expect(
            try Fixture.warnings(Self.with("google", Self.client + ", insecureSkipVerify: true")).contains {
                $0.contains("the upstream's certificate is not verified")
            })
    }
}
