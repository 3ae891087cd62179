import JOSE
import RelyingParty
import Testing

/// Which access tokens of an upstream may stand for a sign-in.
struct AccessTokenChecksTests {
    private static let now = UnixTime(seconds: 1_800_000_000)

    private static let right = JSONObject([
        ("iss", "https://login.example.com"), ("sub", "s-1"), ("client_id", "ours"), ("aud", "https://api.example.com"),
        ("exp", .integer(now.seconds + 60)),
    ])

    private static func refusal(
        _ changes: [String: JSONValue?] = [:], isSelfContained: Bool = true, type: String? = "at+jwt"
    ) -> String? {
        var claims = right
        for (name, value) in changes { claims[name] = value }
        return AccessTokenChecks.refusal(
            of: AccessTokenFacts(
                claims: claims, isSelfContained: isSelfContained, type: type, issuer: "https://login.example.com",
                clientID: "ours", now: now))?.check
    }

    struct Case: Sendable {
        let changes: [String: JSONValue?]
        /// Of a JWT.
        let check: String?
        /// Of what an endpoint tells.
        let told: String?

        init(_ changes: [String: JSONValue?], _ check: String?, told: String?) {
            self.changes = changes
            self.check = check
            self.told = told
        }
    }

    static let cases: [Case] = [
        Case([:], nil, told: nil),
        Case(["client_id": "other", "aud": ["other", "ours"]], nil, told: nil),
        Case(["client_id": nil, "azp": "ours"], nil, told: nil),
        Case(["client_id": nil, "aud": "ours"], nil, told: nil),
        Case(["client_id": "other"], "client", told: "client"),
        Case(["client_id": "Ours"], "client", told: "client"),
        Case(["client_id": "ours2", "aud": "our"], "client", told: "client"),
        Case(["client_id": nil, "aud": nil], "client", told: "client"),
        Case(["client_id": 7, "aud": [7]], "client", told: "client"),
        Case(["client_id": .null, "azp": ["ours"], "aud": .object(JSONObject([("ours", true)]))], "client", told: "client"),
        Case(["iss": nil], "iss", told: nil),
        Case(["iss": "https://login.example.com/"], "iss", told: "iss"),
        Case(["sub": nil], "sub", told: nil),
        Case(["sub": ""], "sub", told: "sub"),
        Case(["sub": "a\nb"], "sub", told: "sub"),
        Case(["exp": nil], "exp", told: nil),
        // As Google writes it.
        Case(["exp": "1800000060"], "exp", told: nil),
        Case(["exp": .integer(1_800_000_000 - 60)], "exp", told: "exp"),
        Case(["exp": .integer(1_800_000_000 - 59)], nil, told: nil),
        Case(["exp": .integer(.min)], "exp", told: "exp"),
        Case(["nbf": .integer(1_800_000_061)], "nbf", told: "nbf"),
        Case(["nbf": .integer(1_800_000_060)], nil, told: nil),
        Case(["nbf": "soon"], "nbf", told: "nbf"),
        Case(["cnf": .object(JSONObject([("jkt", "x")]))], "cnf", told: "cnf"),
    ]

    @Test(arguments: cases.indices) func decides(_ index: Int) {
        let one = Self.cases[index]
        #expect(Self.refusal(one.changes) == one.check)
        #expect(Self.refusal(one.changes, isSelfContained: false, type: nil) == one.told)
    }

    @Test(
        arguments: [
            ("at+jwt", nil), ("jwt", nil), (nil, nil), ("logout+jwt", "typ"), ("dpop+jwt", "typ"), ("secevent+jwt", "typ"),
        ] as [(String?, String?)])
    func kindsOfTokens(type: String?, check: String?) { #expect(Self.refusal(type: type) == check) }

    @Test func everyCheckRefusesSomething() {
        let names = Set(Self.cases.compactMap(\.check) + ["typ"])
        #expect(names == Set(AccessTokenChecks.checks.map(\.name)))
    }
}
