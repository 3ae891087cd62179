import JOSE
import Settings
import Testing

@Suite struct BearerTests {
    private static func bearer(_ entry: String) -> String { Fixture.service + "  bearer: [\(entry)]\n" }

    static let refused: [Refused] = [
        Refused(bearer("{ audiences: [a] }"), "5:12", "`issuer` is missing"),
        Refused(bearer("{ issuer: https://i.example.com }"), "5:12", "tokens for other services would count"),
        Refused(bearer("{ issuer: http://i.example.com, audiences: [a] }"), "5:22", "is http on another machine"),
        Refused(bearer("{ issuer: https://i.example.com, audience: [a] }"), "5:45", "did you mean `audiences`?"),
        Refused(
            bearer("{ issuer: https://i.example.com, audiences: [a], algorithms: [HS256] }"), "5:74", "`HS256` is not known here"),
        Refused(bearer("{ issuer: https://i.example.com, audiences: [a], algorithms: [] }"), "5:73", "`algorithms` is empty"),
        Refused(bearer("{ issuer: https://i.example.com, audiences: [a], clockSkew: 1h }"), "5:72", "is too long"),
        Refused(
            bearer("{ issuer: https://i.example.com, audiences: [a], requiredClaims: [x] }"), "5:77", "a mapping belongs here"),
        Refused(
            bearer("{ issuer: https://i.example.com, audiences: [a], requiredClaims: { t: [] } }"), "5:82", "no value is named"),
        Refused(bearer("{ issuer: https://i.example.com, audiences: [a], caFile: nowhere }"), "5:69", "cannot be read"),
        Refused(
            bearer("{ issuer: https://i.example.com, audiences: [a], caFile: client.secret }"), "5:69", "holds no PEM certificate"
        ),
        Refused(
            bearer("{ issuer: https://i.example.com, audiences: [a], userinfo: true, tokenReview: https://k.example.com }"),
            "5:12",
            "asked in more than one way"),
        Refused(
            bearer(
                "{ issuer: https://i.example.com, introspection: { clientID: c, clientSecret: { env: CORP_SECRET }, tokens: opaque } }"
            ),
            "5:12", "tokens for other services would count"),
        Refused(
            bearer("{ issuer: https://i.example.com, audiences: [a] }, { issuer: https://i.example.com, audiences: [b] }"),
            "5:73",
            "is there already"),
        Refused(bearer("{ issuer: https://i.example.com, audiences: [a], jwksFile: nowhere }"), "5:71", "cannot be read"),
        Refused(bearer("{ issuer: https://i.example.com, audiences: [a], jwksFile: cookie.key }"), "5:71", "holds no public key"),
        Refused(
            bearer("{ issuer: https://i.example.com, audiences: [a], jwks: https://i.example.com/k, jwksFile: keys.jwks }"),
            "5:102", "`jwks` and `jwksFile` are both there"),
        Refused(
            bearer("{ issuer: https://i.example.com, audiences: [a], jwks: https://i.example.com/k, userinfo: true }"),
            "5:67", "nothing is discovered where the keys are named"),
        Refused(
            bearer(
                "{ issuer: https://i.example.com, audiences: [a], jwks: https://i.example.com/k, introspection: { clientID: c, clientSecret: { env: CORP_SECRET } } }"
            ),
            "5:67", "add `introspection.endpoint`"),
        Refused(Fixture.service + "  onInvalidBearer: ignore\n", "5:20", "is not known here"),
    ]

    @Test(arguments: refused) func refusesBearer(_ refused: Refused) { refused.check() }

    @Test func readsAnEntry() throws {
        let yaml = Self.bearer(
            """
            { issuer: "https://i.example.com/", audiences: [a, b], user: client.name, groups: [realm_access.roles], userPrefix: "x:",
            requiredClaims: { tenant: acme, role: [a, b] }, algorithms: [ES256], tokenType: at+jwt, dpop: required, clockSkew: 5s }
            """.replacing("\n", with: " "))
        let entry = try #require(try Fixture.read(yaml).configuration.authService?.bearer.first)
        #expect(entry.issuer.text == "https://i.example.com/" && entry.audiences == ["a", "b"] && entry.user == "client.name")
        #expect(entry.requiredClaims.map(\.path) == ["tenant", "role"])
        #expect(entry.requiredClaims.map(\.values) == [["acme"], ["a", "b"]])
        #expect(
            entry.algorithms == [.es256] && entry.tokenType == .accessToken && entry.dpop == .required && entry.clockSkew == 5)
        #expect(!entry.idTokens && entry.email == "email" && entry.groups == ["realm_access.roles"] && entry.groupPrefix.isEmpty)
    }

    @Test func keysCanStandInAFile() throws {
        let yaml = Self.bearer("{ issuer: https://i.example.com, audiences: [a], jwksFile: keys.jwks }")
        let entry = try #require(try Fixture.read(yaml).configuration.authService?.bearer.first)
        #expect(entry.jwksFile == "/etc/gatehouse/keys.jwks" && entry.jwks == nil)
    }

    @Test func anIntrospectedIssuerNeedsNoAudience() throws {
        let yaml = Self.bearer(
            "{ issuer: https://i.example.com, introspection: { clientID: c, clientSecret: { env: CORP_SECRET } } }")
        #expect(try Fixture.read(yaml).configuration.authService?.bearer.first?.audiences == [])
    }
}
