import AuthService
import JOSE
import RelyingParty
import Synchronization
import Testing
import Web

/// Rules that ask for scopes: what the provider has granted counts.
struct ScopeTests {
    private static let scoped: [Rule] = {
        var rule = Rule(paths: [.below(prefix: Array("/partners/".utf8))], permission: .signedIn)
        rule.requirement = AuthenticationRequirement(scopes: ["extra"])
        return [rule]
    }()

    private func harness(cookieSessions: Bool = false) throws -> Harness {
        try Harness(
            cookieSessions: cookieSessions, parts: { parts, clock in parts.rules = RuleSet(Self.scoped, clock: clock) })
    }

    private func asked(_ decision: Decision) throws -> String? {
        let location = try #require(decision.redirection?.location)
        return try #require(FormFields(query: location.drop { $0 != "?" }.dropFirst())).first("scope")
    }

    /// A session without the scope, and what becomes of the way to get it.
    private func stepUp(granting scope: String?) async throws -> (harness: Harness, browser: Browser, back: Decision) {
        let harness = try harness()
        var browser = Browser()
        try await harness.signIn(&browser, target: "/page")
        harness.provider.script.withLock { $0.scope = scope }
        let away = await harness.decide("/partners/x?y=1", browser)
        #expect(try asked(away) == "openid extra")
        browser.take(away.redirection?.cookies ?? [])
        let back = await harness.decide(try harness.callback(for: try #require(away.redirection)), browser)
        return (harness, browser, back)
    }

    @Test(arguments: ["openid extra", "extra", nil] as [String?])
    func whatIsGrantedOpensThePage(scope: String?) async throws {
        var (harness, browser, back) = try await stepUp(granting: scope)
        #expect(back.redirection?.location == Harness.home + "/partners/x?y=1")
        browser.take(back.redirection?.cookies ?? [])
        #expect(await harness.decide("/partners/x?y=1", browser).accepted != nil)
    }

    @Test(arguments: ["openid", "", "extras", "EXTRA", "\"extra\""])
    func whatIsNotEndsAtAPageAfterOneTry(scope: String) async throws {
        let (harness, browser, back) = try await stepUp(granting: scope)
        #expect(back.rejection?.response.status == 403)
        #expect(back.bodyText.contains("was asked for extra"))
        #expect(await harness.decide("/page", browser).accepted != nil, "the session that there was goes on")
        #expect(
            await harness.decide("/partners/x", browser).redirection != nil, "tried once more only where somebody comes again")
    }

    @Test func oneSignInIsEnough() async throws {
        let harness = try harness()
        var browser = Browser()
        #expect(try await harness.signIn(&browser, target: "/partners/x") == Harness.home + "/partners/x")
        #expect(await harness.decide("/partners/x", browser).accepted != nil)
    }

    @Test func programsAreToldWhichIsMissing() async throws {
        let harness = try harness()
        var browser = Browser()
        try await harness.signIn(&browser, target: "/page")
        browser.headers = [(name: "accept", value: "application/json")]
        let rejection = try #require(await harness.decide("/partners/x", browser).rejection)
        let challenge = rejection.response.headers.first("www-authenticate") ?? ""
        #expect(rejection.response.status == 403)
        #expect(challenge.contains("error=\"insufficient_scope\"") && challenge.contains("scope=\"extra\""))
        #expect(String(decoding: rejection.response.body, as: UTF8.self).contains("scope=extra"))
    }

    @Test(
        arguments: [
            ("scope=extra", "openid extra"), ("scope=admin", "openid"), ("scope=admin%20extra", "openid extra"), ("", "openid"),
        ])
    func theSignInPageAsksForWhatRulesNameOnly(query: String, scope: String) async throws {
        #expect(try asked(await harness().decide("/_gatehouse/sign-in?rd=/page&" + query)) == scope)
    }

    @Test func theChoiceOfAProviderKeepsThem() async throws {
        let two = try TwoProviders { $0.rules = RuleSet(Self.scoped) }
        let page = await two.harness.decide("/partners/x")
        #expect(page.redirection?.location.contains("scope=extra") == true)
    }

    @Test func aRenewalThatGrantsLessCounts() async throws {
        let harness = try harness()
        var browser = Browser()
        try await harness.signIn(&browser, target: "/partners/x")
        harness.advance(480)
        harness.provider.script.withLock { $0.scope = "openid" }
        #expect(await harness.decide("/partners/x", browser).accepted != nil)
        await harness.settle()
        #expect(await harness.decide("/partners/x", browser).redirection != nil)
    }

    @Test func sessionsInCookiesKnowThem() async throws {
        let harness = try harness(cookieSessions: true)
        var browser = Browser()
        try await harness.signIn(&browser, target: "/partners/x")
        #expect(await harness.decide("/partners/x", browser).accepted != nil)
    }

    @Test(arguments: [("openid extra", 200), ("openid", 403), (nil, 403)] as [(String?, Int)])
    func aBearerTokenHasItsOwn(scope: String?, status: Int) async throws {
        let setup = try BearerSetup(rules: Self.scoped)
        let token = try setup.issuer.token { $0["scope"] = scope.map { .string($0) } }
        #expect(await setup.send("Bearer \(token)", target: "/partners/x").status == status)
    }
}
