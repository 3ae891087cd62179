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
            with(
                "oidc",
                "issuer: https://up.example.com, \(client), claimModifications: { filterGroupClaims: { groupsFilter: '(' } }"),
            "is no regular expression"
        ),
        (
            with("oidc", "issuer: https://up.example.com, \(client), pkceChallenge: plain"), "write one of `S256`"
        ),
        (
            with("oauth", client + ", tokenURL: https://b.example, userInfoURL: https://c.example"),
            "`authorizationURL` is missing"
        ),
        (with("github", client + ", hostName: https://git.example.com"), "is not `host` or `host:port`"),
        (with("github", client + ", teamNameField: id"), "write one of `name`, `slug`, `both`"),
        (with("github", client + ", org: a, orgs: [{ name: b }]"), "`org` and `orgs` are both there"),
        (with("github", client + ", preferredEmailDomain: a@example.com"), "is not a domain"),
        (with("google", client + ", groups: [a@example.com]"), "`groups` needs `serviceAccountFilePath`"),
        (with("google", client + ", adminEmail: a@example.com"), "`adminEmail` needs `serviceAccountFilePath`"),
        (
            with("google", client + ", serviceAccountFilePath: service.json"),
            "`serviceAccountFilePath` goes with `domainToAdminEmail`"
        ),
        (
            with("google", client + ", serviceAccountFilePath: service.json, adminEmail: a@b, domainToAdminEmail: { '*': c@d }"),
            "`adminEmail` and the `*` of `domainToAdminEmail` are both there"
        ),
        (
            with("google", client + ", serviceAccountFilePath: service.json, adminEmail: a@b, scopes: [profile]"),
            "groups are asked for by the e-mail address"
        ),
        (
            with("google", client + ", serviceAccountFilePath: open-service.json, adminEmail: a@b"),
            "can be read by others; run `chmod 600` on it"
        ),
        (
            with("google", client + ", serviceAccountFilePath: tls.key, adminEmail: a@b"), "is no key of a service account"
        ),
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

    @Test func whomAServiceAccountStandsFor() throws {
        guard
            case .google(let google) = try Self.read(
                "google",
                Self.client + ", serviceAccountFilePath: service.json, adminEmail: a@example.com, "
                    + "domainToAdminEmail: { example.org: b@example.org }")
        else {
            Issue.record("another kind")
            return
        }
        let directory = try #require(google.directory)
        #expect(directory.administrators.map(\.domain) == ["example.org", "*"])
        #expect(directory.administrators.map(\.email) == ["b@example.org", "a@example.com"])
        #expect(directory.account.email == "groups@p.iam.gserviceaccount.com" && directory.account.keyID == "k1")
        #expect(directory.account.tokenURL.text == "https://oauth2.googleapis.com/token" && !directory.isTransitive)
    }

    @Test func anyCertificateIsWarnedOf() throws {
        #expect(
            try Fixture.warnings(Self.with("google", Self.client + ", insecureSkipVerify: true")).contains {
                $0.contains("the upstream's certificate is not verified")
            })
    }
}
