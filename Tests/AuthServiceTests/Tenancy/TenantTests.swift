import Accounts
import AuthService
import JOSE
import Testing
import Web

struct TenantTests {
    private func harness(_ source: TenantSource, _ membership: Membership) throws -> Harness {
        try Harness(parts: { parts, clock in
            var rule = Rule(permission: .members(membership))
            rule.tenant = source
            parts.rules = RuleSet([rule], clock: clock)
        })
    }

    private static let team = Membership(groups: ["team-{tenant}"])
    private static let teams = TenantSource.path(prefix: Array("/team/".utf8))

    /// The person is in `team-a` and `admins`.
    @Test(arguments: [
        ("/team/a/x", 200), ("/team/a", 200), ("/team/b/x", 403), ("/team/", 403), ("/team", 403), ("/other/a", 403),
        ("/team/a;x/y", 403), ("/team/A/x", 403), ("/team/%61/x", 200), ("/team/b/../a/x", 200), ("/team/a%2Fb", 400),
        ("/team/*/x", 403), ("/team/a%C3%A9", 403), ("/team/a;x", 403), ("/team/%7Btenant%7D", 403),
    ])
    func aPathNamesTheTenant(target: String, status: Int) async throws {
        let harness = try harness(Self.teams, Self.team)
        var browser = Browser()
        try await harness.signIn(&browser, target: "/team/a/x")
        for _ in 0..<2 {
            let decision = await harness.decide(target, browser)
            #expect((decision.response?.status ?? 200) == status)
        }
    }

    @Test func whatOneTenantGrantsIsNotTheOthers() async throws {
        let harness = try harness(Self.teams, Self.team)
        var browser = Browser()
        try await harness.signIn(&browser, target: "/team/a/x")
        #expect(await harness.decide("/team/a/x", browser).accepted != nil)
        #expect(await harness.decide("/team/b/x", browser).rejection?.response.status == 403)
        #expect(await harness.decide("/team/a/x", browser).accepted != nil)
    }

    @Test(
        arguments: [
            (["a"], 200), (["b"], 403), ([], 403), (["a", "a"], 403), ([""], 403), (["a,b"], 403), (["{tenant}"], 403),
        ] as [([String], Int)])
    func aHeaderNamesTheTenant(lines: [String], status: Int) async throws {
        let harness = try harness(.header(name: "x-tenant"), Self.team)
        var browser = Browser()
        browser.headers.append((name: "x-tenant", value: "a"))
        try await harness.signIn(&browser, target: "/x")
        browser.headers.removeLast()
        browser.headers += lines.map { (name: "x-tenant", value: $0) }
        let decision = await harness.decide("/x", browser)
        #expect((decision.response?.status ?? 200) == status)
    }

    private func permits(_ membership: Membership, _ claims: JSONValue, _ tenant: String?) -> Bool {
        Permission.members(membership).permits(
            Identity(issuer: "i", subject: "sub", claims: claims.object ?? JSONObject()), tenant: tenant)
    }

    @Test func claimsAndUsersNameTenants() {
        let claims = Membership(claims: [ClaimCondition(claim: ClaimPath("tenants"), values: ["{tenant}"])])
        #expect(permits(claims, ["tenants": ["a", "b"]], "b"))
        #expect(!permits(claims, ["tenants": ["a", "b"]], "c"))
        #expect(!permits(claims, ["tenants": ["{tenant}"]], nil))
        let own = Membership(users: [.exact("{tenant}")])
        #expect(permits(own, ["preferred_username": "ada"], "ada"))
        #expect(!permits(own, ["preferred_username": "{tenant}"], "ada"))
        #expect(!permits(own, ["preferred_username": "{tenant}"], nil))
    }
}
