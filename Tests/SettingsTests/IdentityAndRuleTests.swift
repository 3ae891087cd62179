import Settings
import Testing

@Suite struct IdentityAndRuleTests {
    private static func identity(_ text: String) -> String { Fixture.service + "  identity: { \(text) }\n" }
    private static func rule(_ text: String) -> String { Fixture.service + "  rules: [{ \(text) }]\n" }

    static let headers: [Refused] =
        ["host", "Cookie", "authorization", "content-length", "Transfer-Encoding", "connection"].map {
            Refused(identity("headers: { \($0): email }"), "5:\(27 + $0.utf8.count)", "").at(
                "5:26", "belongs to HTTP or the gateway")
        } + [
            Refused(identity("headers: { \":path\": email }"), "5:26", "is not a header name"),
            Refused(identity("headers: { a b: email }"), "5:26", "is not a header name"),
            Refused(identity("headers: { x_user: email }"), "5:26", "has a `_`"),
            Refused(identity("headers: { x-user: email, X-User: sub }"), "5:41", "the header `x-user` is there twice"),
            Refused(identity("headers: { x-user: [] }"), "5:34", "a single value belongs here"),
            Refused(identity("strip: [\"*\"]"), "5:23", "is not a header name"),
            Refused(identity("strip: [x-*-y]"), "5:23", "is not a header name"),
            Refused(identity("strip: [co*]"), "5:23", "takes away `connection`"),
            Refused(identity("strip: [Host]"), "5:23", "takes away `host`"),
            Refused(identity("assertion: { lifetime: 5m }"), "5:26", "`audience` is missing"),
            Refused(
                identity("assertion: { audience: a, algorithm: HS256 }"), "5:52",
                "`HS256` is not known here; write one of `ES256`, `RS256`"),
            Refused(
                identity("headers: { x-a: sub }, assertion: { audience: a, header: X-A }"), "5:49",
                "is an identity header and the assertion's"),
        ]

    static let rules: [Refused] = [
        Refused(rule("paths: [x], allow: anyone"), "5:21", "does not begin with `/`"),
        Refused(rule("paths: [\"*\"], allow: anyone"), "5:21", "does not begin with `/`"),
        Refused(rule("paths: [/x*], allow: anyone"), "5:21", "has a `*` that does not begin a segment"),
        Refused(rule("paths: [/x/*y*], allow: anyone"), "5:21", "has a `*` that does not begin a segment"),
        Refused(rule("paths: [/**/x/**/y], allow: anyone"), "5:21", "has two `**`"),
        Refused(rule("paths: [acm], allow: anyone"), "5:21", "does not begin with `/`"),
        Refused(rule("paths: [/x?y], allow: anyone"), "5:21", "has `?`"),
        Refused(rule("paths: [/a/../b], allow: anyone"), "5:21", "has `//`, `.` or `..`"),
        Refused(rule("paths: [/a//b], allow: anyone"), "5:21", "has `//`"),
        Refused(rule("paths: [/ä], allow: anyone"), "5:21", "not visible ASCII"),
        Refused(rule("paths: [/%61], allow: anyone"), "5:21", "has the escape `%61`; write `a` itself"),
        Refused(rule("paths: [/%c3], allow: anyone"), "5:21", "upper-case hexadecimal digits"),
        Refused(rule("paths: [], allow: anyone"), "5:20", "`paths` is empty: the rule can never match"),
        Refused(rule("hosts: [\"*\"], allow: anyone"), "5:21", "is not a host"),
        Refused(rule("hosts: [\"a.*.com\"], allow: anyone"), "5:21", "is not a host"),
        Refused(rule("hosts: [\"a.com:80\"], allow: anyone"), "5:21", "is not a host"),
        Refused(rule("hosts: [\"https://a.com\"], allow: anyone"), "5:21", "is not a host"),
        Refused(rule("methods: [get], allow: anyone"), "5:23", "is not in capitals; write `GET`"),
        Refused(rule("methods: [\"G T\"], allow: anyone"), "5:23", "is not a method"),
        Refused(rule("allow: everyone"), "5:20", "`everyone` is not known here; write one of `anyone`, `signedIn`, `nobody`"),
        Refused(rule("allow: {}"), "5:20", "names no user, no group and no claim"),
        Refused(rule("allow: { group: [a] }"), "5:22", "did you mean `groups`?"),
        Refused(rule("allow: { users: [\"a*@example.com\"] }"), "5:30", "has a `*` that is not all before the `@`"),
        Refused(rule("allow: anyone, onAnonymous: ignore"), "5:41", "`ignore` is not known here"),
        Refused(rule("allow: signedIn, api: true, onAnonymous: redirect"), "5:35", "are both there; keep one of them"),
        Refused(rule("allow: anyone, allowPreflight: true"), "5:44", "of use only where `allow` asks for a user"),
        Refused(rule("allow: anyone, maxAge: 5m"), "5:36", "of use only where `allow` asks for a user"),
        Refused(rule("allow: signedIn, maxAge: 0s"), "5:38", "is too short"),
        Refused(rule("allow: signedIn, onFailure: open"), "5:41", "`open` is not known here; write one of `closed`"),
        Refused(rule("allow: signedIn, onFailure: { known-sessions: 10s }"), "5:59", "is too short"),
        Refused(rule("allow: signedIn, onFailure: {}"), "5:41", "`known-sessions` is missing"),
        Refused(rule("allow: signedIn, acr: []"), "5:35", "nothing could be right"),
        Refused(rule("allow: signedIn, acr: [\"a b\"]"), "5:36", "is not a scope"),
        Refused(rule("allow: signedIn, provider: other"), "5:40", "there is no provider `other`; write one of `corp`"),
        Refused(rule("allow: signedIn, audience: other"), "5:40", "is the assertion's, and none is signed"),
        Refused(rule("allow: anyone, headers: { x-a: sub }"), "5:37", "of use only where `allow` asks for a user"),
        Refused(rule("allow: nobody, tokenExchange: { audience: a }"), "5:43", "of use only where `allow` asks for a user"),
        Refused(rule("allow: signedIn, headers: { x_a: sub }"), "5:41", "has a `_`"),
        Refused(rule("allow: signedIn, headers: { authorization: sub }"), "5:41", "belongs to HTTP or the gateway"),
        Refused(rule("allow: signedIn, headers: { x-a: sub, X-A: false }"), "5:39", "the header `x-a` is there twice"),
        Refused(rule("allow: signedIn, headers: { x-a: \"{sub\" }"), "5:46", "is neither a claim nor a text"),
        Refused(rule("allow: signedIn, tokenExchange: {}"), "5:45", "does not say for whom the token is"),
        Refused(rule("allow: signedIn, tokenExchange: { audience: [] }"), "5:45", "does not say for whom the token is"),
        Refused(rule("allow: signedIn, tokenExchange: { audence: a }"), "5:47", "did you mean `audience`?"),
        Refused(
            rule("allow: signedIn, tokenExchange: { resources: [\"https://a/#b\"] }"), "5:59",
            "is not an absolute URI without a fragment"),
        Refused(rule("allow: signedIn, tokenExchange: { resources: [api] }"), "5:59", "is not an absolute URI"),
        Refused(
            rule("allow: signedIn, tokenExchange: { audience: a, tokenType: saml }"), "5:71",
            "write one of `access_token`, `jwt`, `id_token`"),
        Refused(
            rule("allow: signedIn, tokenExchange: { audience: a, header: Cookie }"), "5:68", "belongs to HTTP or the gateway"),
        Refused(
            rule("allow: signedIn, headers: { x-a: sub }, tokenExchange: { audience: a, header: X-A }"), "5:68",
            "is another header of this rule, too"),
        Refused(
            identity("headers: { x-a: sub }") + "  rules: [{ allow: signedIn, tokenExchange: { audience: a, header: x-a } }]\n",
            "6:45", "is another header of this rule, too"),
        Refused(
            identity("assertion: { audience: a, header: x-a }") + "  rules: [{ allow: signedIn, headers: { x-a: sub } }]\n",
            "6:39", "is the assertion's header, and an identity header here"),
        Refused(
            identity("accessTokenHeader: x-a") + "  rules: [{ allow: signedIn, headers: { x-a: sub } }]\n", "6:39",
            "is the access token's header, and an identity header here"),
        Refused(
            Fixture.service + "  session: { store: cookie }\n  rules: [{ allow: signedIn, tokenExchange: { audience: a } }]\n",
            "6:45", "keeps no access token that could be exchanged"),
        Refused(rule("tenant: { path: /t/* }, allow: { groups: [a] }"), "5:21", "does not look at the `tenant`"),
        Refused(rule("allow: { groups: [\"{tenant}\"] }"), "5:20", "no `tenant` says which"),
        Refused(rule("tenant: { path: /t }, allow: { groups: [\"{tenant}\"] }"), "5:29", "is no path with a `*`"),
        Refused(rule("tenant: { host: a.com }, allow: { groups: [\"{tenant}\"] }"), "5:29", "has no `*` for the tenant"),
        Refused(rule("tenant: { path: /t/*, header: x }, allow: { groups: [\"{tenant}\"] }"), "5:21", "is found in one place"),
        Refused(rule("allow: { claims: { \"a..b\": x } }"), "5:32", "is no claim"),
        Refused(rule("allow: { claims: { a: [] } }"), "5:35", "the list is empty"),
        Refused(rule("allow: { all: [{}] }"), "5:28", "names no user, no group and no claim"),
        Refused(rule("allow: { any: [anyone] }"), "5:28", "`allow` is a mapping, not a single value"),
        Refused(rule("allow: { any: [{ any: [{ any: [{ users: [a] }] }] }] }"), "5:38", "unknown key `any`"),
        Refused(rule("allow: anyone, when: { networks: [10.0.0.1/8] }"), "5:47", "has bits behind its prefix"),
        Refused(rule("allow: anyone, when: { networks: [] }"), "5:46", "the rule can never match"),
        Refused(rule("allow: anyone, when: { headers: { \"a b\": x } }"), "5:47", "is not a header name"),
        Refused(rule("allow: anyone, when: { times: [{ from: \"8:00\" }] }"), "5:52", "is no time of day"),
        Refused(rule("allow: anyone, when: { times: [{ from: \"12:60\" }] }"), "5:52", "is no time of day"),
        Refused(rule("allow: anyone, when: { times: [{ from: \"12:00\", to: \"12:00\" }] }"), "5:44", "has no length"),
        Refused(rule("allow: anyone, when: { times: [{ days: [monday] }] }"), "5:53", "is no day of the week"),
        Refused(rule("allow: anyone, when: { times: [{ zone: Europe/Berlin }] }"), "5:52", "is no zone"),
    ]

    @Test(arguments: headers) func refusesIdentity(_ refused: Refused) { refused.check() }
    @Test(arguments: rules) func refusesRules(_ refused: Refused) { refused.check() }

    @Test func readsRules() throws {
        let yaml = Self.rule(
            "hosts: [App.Example.com, \"*.example.org\"], paths: [/x, /y/*], methods: [GET], "
                + "allow: { users: [\"*@Example.com\", bob], groups: [a] }, onAnonymous: unauthorized")
        let rule = try #require(try Fixture.read(yaml).configuration.authService?.rules.first)
        #expect(rule.hosts == [.exact("app.example.com"), .below("example.org")])
        #expect(rule.paths == [.exact("/x"), .below("/y/")])
        #expect(rule.methods == ["GET"])
        #expect(rule.allow == .members(Membership(users: [.domain("example.com"), .exact("bob")], groups: ["a"])))
        #expect(rule.onAnonymous == .unauthorized)
        #expect(rule.line == 5)
    }

    @Test(
        arguments: [
            ("/x/*/y", [.glob([.literal("x"), .one(suffix: ""), .literal("y")], isBelow: false)]),
            ("/**/*.css", [.glob([.anySegments, .one(suffix: ".css")], isBelow: false)]),
            ("/x/*/*", [.glob([.literal("x"), .one(suffix: "")], isBelow: true)]), ("/x/**", [.below("/x/")]),
            ("/**", [.below("/")]), ("acme", [.below("/.well-known/acme-challenge/")]),
            ("health", [.exact("/healthz"), .exact("/livez"), .exact("/readyz"), .exact("/health")]),
        ] as [(String, [PathPattern])])
    func readsPaths(text: String, patterns: [PathPattern]) throws {
        let rule = try Fixture.read(Self.rule("paths: [\"\(text)\"], allow: anyone")).configuration.authService?.rules.first
        #expect(rule?.paths == patterns)
    }

    @Test func readsHeadersAndExchanges() throws {
        let yaml = Self.rule(
            "allow: signedIn, headers: { X-Team: team, x-groups: false, x-user: \"wiki:{sub}\" }, tokenExchange: "
                + "{ audience: [a, b], resources: [\"https://api.example\"], scopes: [r, w], tokenType: jwt, header: X-Token }")
        let service = try #require(try Fixture.read(yaml).configuration.authService)
        let rule = try #require(service.rules.first)
        #expect(rule.headers.map(\.name) == ["x-team", "x-groups", "x-user"])
        #expect(rule.headers.map(\.template) == ["team", nil, "wiki:{sub}"])
        #expect(
            rule.tokenExchange
                == TokenExchangeSettings(
                    audiences: ["a", "b"], resources: ["https://api.example"], scopes: ["r", "w"], tokenType: .jwt,
                    header: "x-token"))
        #expect(service.identityHeaders == ["x-team", "x-groups", "x-user", "x-token"])
    }

    @Test func theTokenIsABearerWhereNothingElseIsSaid() throws {
        let yaml = Self.rule("allow: signedIn, tokenExchange: { audience: a }")
        let exchange = try Fixture.read(yaml).configuration.authService?.rules.first?.tokenExchange
        #expect(exchange?.header == "authorization" && exchange?.tokenType == .accessToken)
    }

    @Test func readsConditions() throws {
        let yaml = Self.rule(
            "allow: anyone, when: { headers: { X-A: true, x-b: false, x-c: \"true\", x-d: [a, \"b*\"] }, networks: [10.0.0.0/8], "
                + "times: [{ days: [sat-sun, wed], from: \"22:00\", to: \"06:30\", zone: \"-03:30\" }, {}] }")
        let when = try #require(try Fixture.read(yaml).configuration.authService?.rules.first?.when)
        #expect(when.headers.map(\.name) == ["x-a", "x-b", "x-c", "x-d"])
        #expect(when.headers.map(\.value) == [.present, .absent, .oneOf(["true"]), .oneOf(["a", "b*"])])
        #expect(when.networks.map(\.text) == ["10.0.0.0/8"])
        #expect(when.times.map(\.days) == [[.sun, .wed, .sat], TimeRange.Day.allCases])
        #expect(when.times.map(\.from) == [79200, 0] && when.times.map(\.to) == [23400, 86400])
        #expect(when.times.map(\.zone) == [-12600, 0])
    }

    @Test func readsClaims() throws {
        let yaml = Self.rule(
            "allow: { claims: { department: [it, ops], realm_access.roles: admin, beta: true }, all: [{ users: [a] }, { any: [{ groups: [g] }] }] }"
        )
        guard case .members(let membership) = try Fixture.read(yaml).configuration.authService?.rules.first?.allow else {
            return #expect(Bool(false), "no members")
        }
        #expect(membership.claims.map(\.claim) == ["department", "realm_access.roles", "beta"])
        #expect(membership.claims.map(\.values) == [["it", "ops"], ["admin"], ["true"]])
        #expect(membership.all.map(\.users) == [[.exact("a")], []] && membership.all.last?.any.map(\.groups) == [["g"]])
    }

    @Test(arguments: [
        ("{ allow: nobody }, { paths: [/x], allow: anyone }", true),
        ("{ paths: [/x/*], allow: nobody }, { paths: [/x, /x/y, /x/y/*], allow: anyone }", true),
        ("{ paths: [/x/*], allow: nobody }, { paths: [/x/y, /z], allow: anyone }", false),
        ("{ hosts: [\"*.a.com\"], allow: nobody }, { hosts: [b.a.com, \"*.c.a.com\"], allow: anyone }", true),
        ("{ hosts: [\"*.a.com\"], allow: nobody }, { hosts: [a.com], allow: anyone }", false),
        ("{ methods: [GET], allow: nobody }, { allow: anyone }", false),
        ("{ methods: [GET, PUT], allow: nobody }, { methods: [PUT], allow: anyone }", true),
        ("{ paths: [/x/*], allow: nobody }, { paths: [/x/*/y], allow: anyone }", true),
        ("{ paths: [/x/*/y], allow: nobody }, { paths: [/x/*/y], allow: anyone }", true),
        ("{ paths: [/x/*/y], allow: nobody }, { paths: [/x/z/y], allow: anyone }", false),
        ("{ paths: [/x/y/*], allow: nobody }, { paths: [/x/*/y], allow: anyone }", false),
        ("{ when: { networks: [10.0.0.0/8] }, allow: nobody }, { allow: anyone }", false),
    ]) func warnsOfHiddenRules(rules: String, isHidden: Bool) throws {
        let warnings = try Fixture.warnings(Fixture.service + "  rules: [\(rules)]\n")
        #expect(warnings.contains { $0.contains("can never match") } == isHidden)
    }
}

extension Refused {
    fileprivate func at(_ place: String, _ says: String) -> Refused { Refused(yaml, place, says) }
}
