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
        Refused(rule("paths: [/x*], allow: anyone"), "5:21", "has a `*` that is not the end of a `/*`"),
        Refused(rule("paths: [/*/x], allow: anyone"), "5:21", "has a `*`"),
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
        Refused(rule("allow: {}"), "5:20", "names no user and no group"),
        Refused(rule("allow: { group: [a] }"), "5:22", "did you mean `groups`?"),
        Refused(rule("allow: { users: [\"a*@example.com\"] }"), "5:30", "has a `*` that is not all before the `@`"),
        Refused(rule("allow: anyone, onAnonymous: ignore"), "5:41", "`ignore` is not known here"),
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
        #expect(rule.allow == .members(users: [.domain("example.com"), .exact("bob")], groups: ["a"]))
        #expect(rule.onAnonymous == .unauthorized)
        #expect(rule.line == 5)
    }

    @Test(arguments: [
        ("{ allow: nobody }, { paths: [/x], allow: anyone }", true),
        ("{ paths: [/x/*], allow: nobody }, { paths: [/x, /x/y, /x/y/*], allow: anyone }", true),
        ("{ paths: [/x/*], allow: nobody }, { paths: [/x/y, /z], allow: anyone }", false),
        ("{ hosts: [\"*.a.com\"], allow: nobody }, { hosts: [b.a.com, \"*.c.a.com\"], allow: anyone }", true),
        ("{ hosts: [\"*.a.com\"], allow: nobody }, { hosts: [a.com], allow: anyone }", false),
        ("{ methods: [GET], allow: nobody }, { allow: anyone }", false),
        ("{ methods: [GET, PUT], allow: nobody }, { methods: [PUT], allow: anyone }", true),
    ]) func warnsOfHiddenRules(rules: String, isHidden: Bool) throws {
        let warnings = try Fixture.warnings(Fixture.service + "  rules: [\(rules)]\n")
        #expect(warnings.contains { $0.contains("can never match") } == isHidden)
    }
}

extension Refused {
    fileprivate func at(_ place: String, _ says: String) -> Refused { Refused(yaml, place, says) }
}
