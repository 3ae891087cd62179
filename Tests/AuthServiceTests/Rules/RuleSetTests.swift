import Accounts
import AuthService
import JOSE
import Testing
import Web

struct RuleSetTests {
    private let rules = RuleSet([
        Rule(paths: [.below(prefix: Array("/public/".utf8)), .exact(Array("/healthz".utf8))], permission: .anyone),
        Rule(
            hosts: [.exact("admin.example.com"), .below(suffix: ".ops.example.com")],
            permission: .members(users: [], groups: ["admins"])),
        Rule(paths: [.below(prefix: Array("/api/".utf8))], methods: ["GET"], permission: .anyone, onAnonymous: .unauthorized),
        Rule(paths: [.below(prefix: Array("/internal/".utf8))], permission: .nobody),
    ])

    @Test(arguments: [
        ("GET", "a.example.com", "/public/x", "rules[0]"), ("GET", "a.example.com", "/public", "rules[0]"),
        ("GET", "a.example.com", "/publicx", "default"), ("GET", "a.example.com", "/healthz", "rules[0]"),
        ("GET", "a.example.com", "/healthz/x", "default"), ("GET", "admin.example.com", "/", "rules[1]"),
        ("GET", "x.ops.example.com", "/", "rules[1]"), ("GET", "ops.example.com", "/", "default"),
        ("GET", "xops.example.com", "/", "default"), ("GET", "a", "/api/x", "rules[2]"), ("POST", "a", "/api/x", "default"),
        ("get", "a", "/api/x", "default"), ("GET", "a", "/internal/", "rules[3]"), ("GET", "a", "/PUBLIC/x", "default"),
    ])
    func theFirstThatMatchesDecides(method: String, host: String, path: String, rule: String) {
        #expect(rules.match(method, host, path).name == rule)
    }

    @Test func nothingMatchesMeansSignIn() {
        let permission = RuleSet([]).match("GET", "a", "/").permission
        guard case .signedIn = permission else { return #expect(Bool(false), "not closed") }
    }

    private func decides(_ rule: Permission, _ claims: JSONValue) -> Bool {
        let identity = Identity(issuer: "i", subject: "sub-1", claims: claims.object ?? JSONObject())
        let set = RuleSet([Rule(permission: rule)])
        return set.match("GET", "a", "/").permission.permits(identity)
    }

    @Test(
        arguments: [
            (UserPattern.exact("a@b.c"), ["email": "A@B.C", "email_verified": true], true),
            (.exact("a@b.c"), ["email": "a@b.c"], false),
            (.exact("a@b.c"), ["email": "a@b.c", "email_verified": "true"], false),
            (.exact("sub-1"), [:], true), (.exact("sub-"), [:], false), (.exact("bob"), ["preferred_username": "bob"], true),
            (.exact("bob@example.com"), ["preferred_username": "bob@example.com"], false),
            (.mailDomain(suffix: "@b.c"), ["email": "x@B.c", "email_verified": true], true),
            (.mailDomain(suffix: "@b.c"), ["email": "x@evil.b.c", "email_verified": true], false),
            (.mailDomain(suffix: "@b.c"), ["email": "x@b.c@evil", "email_verified": true], false),
            (.mailDomain(suffix: "@b.c"), ["email": "x@b.c", "email_verified": false], false),
        ] as [(UserPattern, JSONValue, Bool)])
    func users(pattern: UserPattern, claims: JSONValue, permitted: Bool) {
        #expect(decides(.members(users: [pattern], groups: []), claims) == permitted)
    }

    @Test(
        arguments: [
            (["admins"], true), ("admins", true), (["x,admins"], false), (["Admins"], false), (3, false),
        ] as [(JSONValue, Bool)])
    func groups(claim: JSONValue, permitted: Bool) {
        #expect(decides(.members(users: [], groups: ["admins"]), ["groups": claim]) == permitted)
    }
}
