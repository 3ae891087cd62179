import JOSE
import Settings
import Testing

/// The keys of `authService.providers[]` beyond the first ones.
@Suite struct SignInProviderTests {
    /// The service whose provider entry has further keys.
    private static func entry(_ more: String, secret: String = ", clientSecret: { env: CORP_SECRET }") -> String {
        """
        authService:
          publicURL: https://apps.example.com
          secrets: [{ file: cookie.key }]
          providers:
            - { id: corp, issuer: https://sso.example.com, clientID: x\(secret),
                \(more) }

        """
    }

    private static func provider(_ more: String, secret: String = ", clientSecret: { env: CORP_SECRET }") throws
        -> IdentityProviderSettings
    {
        let service = try #require(try Fixture.read(entry(more, secret: secret)).configuration.authService)
        return try #require(service.providers.first)
    }

    @Test func whatIsLeftOutHasItsDefault() throws {
        let provider = try Self.provider("dpop: false")
        #expect(provider.name == "corp" && provider.hosts.isEmpty && provider.request.responseMode == .query)
        #expect(provider.clockSkew == 60 && provider.usesUserinfo && !provider.hasOwnCallback && provider.algorithms.count == 4)
        #expect(provider.connection.isUsual && provider.claims.emailVerification == .required)
    }

    @Test func everythingIsRead() throws {
        let provider = try Self.provider(
            """
            name: Company, hosts: ["*.example.com"], internalURL: http://sso.auth.svc:8080, dpop: true, clockSkew: 5s,
                endpoints: { token: https://t.example.com/t }, algorithms: [ES256], userinfo: false, ownCallback: true,
                request: { responseMode: form_post, prompt: login, maxAge: 1h, acrValues: [mfa], resources: ["https://a.example"],
                  parameters: { hd: example.com }, pushed: always },
                claims: { user: oid, groups: realm_access.roles, emailVerified: assumed, groupOverage: {},
                  transform: [ { claim: groups, match: "a(.*)", replace: "$1", others: drop, lowerCase: true } ] },
                allow: { emailDomains: [example.com], groups: [staff], emailsFile: emails.txt }
            """)
        #expect(provider.name == "Company" && provider.hosts == [.below("example.com")] && provider.dpop)
        #expect(provider.addresses.internalURL?.text == "http://sso.auth.svc:8080")
        #expect(provider.addresses.token?.text == "https://t.example.com/t" && provider.algorithms == [.es256])
        #expect(provider.request.responseMode == .formPost && provider.request.maxAge == 3600)
        #expect(provider.request.parameters == [NamedText(name: "hd", text: "example.com")])
        #expect(provider.claims.groups == ["realm_access.roles"] && provider.claims.groupOverage != nil)
        #expect(provider.claims.transforms.first?.keepsOthers == false)
        #expect(provider.admission.users == [.domain("example.com")])
        #expect(provider.admission.emailsFile == "/etc/gatehouse/emails.txt")
    }

    static let refused: [Refused] = [
        Refused(entry("tokenEndpointAuth: private_key_jwt", secret: ""), "5:7", "`private_key_jwt` needs `clientKey`"),
        Refused(entry("tokenEndpointAuth: client_secret_jwt", secret: ""), "5:7", "`clientSecret` is missing"),
        Refused(entry("tokenEndpointAuth: tls_client_auth", secret: ""), "5:7", "`tls_client_auth` needs a certificate"),
        Refused(entry("request: { signed: true }"), "5:7", "signed requests need `clientKey`"),
        Refused(entry("clientKey: { file: cookie.key }"), "6:20", "the private key is none in PEM"),
        Refused(entry("connection: { caFile: cookie.key }"), "6:31", "holds no certificate in PEM"),
        Refused(entry("connection: { caFile: missing.pem }"), "6:31", "cannot be read"),
        Refused(entry("connection: { proxy: https://proxy.example.com }"), "6:30", "is https"),
        Refused(entry("connection: { proxyUser: me }"), "6:34", "`proxyUser` is there without `proxyPassword`"),
        Refused(entry("claims: { transform: [ { claim: groups, match: '(' } ] }"), "6:56", "is no regular expression"),
        Refused(entry("claims: { transform: [ { claim: groups, replace: x } ] }"), "6:58", "`replace` is there without `match`"),
        Refused(entry("allow: {}"), "6:16", "`allow` names nobody"),
        Refused(entry("allow: { emailDomains: [a b] }"), "6:33", "is not a domain"),
        Refused(entry("algorithms: []"), "6:21", "`algorithms` is empty"),
        Refused(entry("algorithms: [HS256]"), "6:22", "`HS256` is not known here"),
        Refused(entry("algorithms: [none]"), "6:22", "`none` is not known here"),
        Refused(entry("endpoints: { token: sso.example.com }"), "6:29", "is not an absolute URL"),
        Refused(entry("clockSkew: 1h"), "6:20", "is too long"),
        Refused(entry("request: { prompt: none }"), "6:28", "`none` is not known here"),
    ]

    @Test(arguments: refused) func refuses(_ refused: Refused) { refused.check() }

    @Test func plainHTTPInsideIsWarnedOf() throws {
        let warnings = try Fixture.read(Self.entry("internalURL: http://sso.auth.svc:8080")).warnings
        #expect(warnings.map(\.what).contains { $0.contains("secrets and tokens travel in clear text") })
    }
}
