import AuthService
import JOSE
import Synchronization
import Testing
import Web

/// Rules that ask for more than a sign-in.
struct StepUpTests {
    private static func harness(_ requirement: AuthenticationRequirement, audience: String? = nil) throws -> Harness {
        try Harness(parts: { parts, clock in
            var rule = Rule(paths: [.below(prefix: Array("/payroll/".utf8))], permission: .signedIn)
            rule.requirement = requirement
            rule.audience = audience
            parts.rules = RuleSet([rule], clock: clock)
        })
    }

    private static let start: Int64 = 1_800_000_000

    private func say(_ harness: Harness, _ claims: [String: JSONValue?]) {
        harness.provider.script.withLock { script in
            for (name, value) in claims { script.claims[name] = value }
        }
    }

    private func query(_ decision: Decision) throws -> FormFields {
        let location = try #require(decision.redirection?.location)
        return try #require(FormFields(query: location.drop { $0 != "?" }.dropFirst()))
    }

    @Test(
        arguments: [
            (AuthenticationRequirement(maxAge: 300), "max_age", "300"),
            (AuthenticationRequirement(acr: ["mfa", "phr"]), "acr_values", "mfa phr"),
            (AuthenticationRequirement(amr: ["otp"]), "prompt", "login"),
            (AuthenticationRequirement(scopes: ["extra"]), "scope", "openid extra"),
        ])
    func whoIsNotSignedInIsAskedForItAtOnce(requirement: AuthenticationRequirement, name: String, value: String) async throws {
        let harness = try Self.harness(requirement)
        #expect(try query(await harness.decide("/payroll/x")).first(name) == value)
    }

    /// Signs in elsewhere first, then asks for the page, and again at the provider.
    private func stepUp(
        _ requirement: AuthenticationRequirement, first: [String: JSONValue?], then: [String: JSONValue?], after: Int64 = 0
    ) async throws -> (harness: Harness, browser: Browser, back: Decision) {
        let harness = try Self.harness(requirement)
        var browser = Browser()
        say(harness, first)
        try await harness.signIn(&browser, target: "/page")
        harness.advance(after)
        say(harness, then)
        let away = try #require(await harness.decide("/payroll/x?y=1", browser).redirection)
        browser.take(away.cookies)
        let back = await harness.decide(try harness.callback(for: away), browser)
        return (harness, browser, back)
    }

    @Test(
        arguments: [
            (AuthenticationRequirement(maxAge: 300), ["auth_time": .integer(start)], ["auth_time": .integer(start + 1000)]),
            (AuthenticationRequirement(maxAge: 300), [:], ["auth_time": .integer(start + 1000)]),
            (AuthenticationRequirement(acr: ["mfa"]), ["acr": "pwd"], ["acr": "mfa"]),
            (AuthenticationRequirement(amr: ["otp", "hwk"]), ["amr": ["pwd"]], ["amr": ["pwd", "otp"]]),
        ] as [(AuthenticationRequirement, [String: JSONValue?], [String: JSONValue?])])
    func leadsBackToTheSamePage(
        requirement: AuthenticationRequirement, first: [String: JSONValue?], then: [String: JSONValue?]
    ) async throws {
        var (harness, browser, back) = try await stepUp(requirement, first: first, then: then, after: 1000)
        let old = browser.cookies
        #expect(back.redirection?.location == Harness.home + "/payroll/x?y=1")
        browser.take(back.redirection?.cookies ?? [])
        #expect(await harness.decide("/payroll/x?y=1", browser).accepted != nil)
        #expect(browser.cookies["__Host-gatehouse"] != old["__Host-gatehouse"], "a new id at every sign-in")
    }

    @Test(
        arguments: [
            (AuthenticationRequirement(maxAge: 300), ["auth_time": .integer(start)]),
            (AuthenticationRequirement(maxAge: 300), ["auth_time": nil]),
            (AuthenticationRequirement(acr: ["mfa"]), ["acr": "pwd"]), (AuthenticationRequirement(acr: ["mfa"]), ["acr": nil]),
            (AuthenticationRequirement(amr: ["otp"]), ["amr": ["pwd"]]), (AuthenticationRequirement(amr: ["otp"]), ["amr": nil]),
        ] as [(AuthenticationRequirement, [String: JSONValue?])])
    func aProviderThatDoesNotStepUpEndsAtAPage(
        requirement: AuthenticationRequirement, then: [String: JSONValue?]
    ) async throws {
        let (harness, browser, back) = try await stepUp(requirement, first: [:], then: then, after: 1000)
        #expect(back.rejection?.response.status == 400)
        #expect(back.bodyText.contains("stronger sign-in"))
        #expect(await harness.decide("/page", browser).accepted != nil, "the session that there was goes on")
    }

    @Test func aSessionGrowsTooOldWhileItIsInUse() async throws {
        let harness = try Self.harness(AuthenticationRequirement(maxAge: 300))
        var browser = Browser()
        say(harness, ["auth_time": .integer(Self.start)])
        try await harness.signIn(&browser, target: "/payroll/x")
        #expect(await harness.decide("/payroll/x", browser).accepted != nil)
        harness.advance(359)
        #expect(await harness.decide("/payroll/x", browser).accepted != nil, "a minute for clocks that differ")
        harness.advance(1)
        #expect(await harness.decide("/payroll/x", browser).redirection != nil)
        #expect(await harness.decide("/page", browser).accepted != nil)
    }

    @Test func aRuleShortensTheSession() async throws {
        let harness = try Self.harness(AuthenticationRequirement(sessionLifetime: 600))
        var browser = Browser()
        try await harness.signIn(&browser, target: "/payroll/x")
        harness.advance(599)
        #expect(await harness.decide("/payroll/x", browser).accepted != nil)
        harness.advance(1)
        #expect(await harness.decide("/payroll/x", browser).redirection != nil)
    }

    @Test func aSessionOfAnotherProviderDoesNotCount() async throws {
        let harness = try Self.harness(AuthenticationRequirement(providerID: "other"))
        var browser = Browser()
        try await harness.signIn(&browser, target: "/page")
        #expect(await harness.decide("/payroll/x", browser).accepted == nil)
    }

    @Test func programsAreToldWhatIsMissing() async throws {
        let harness = try Self.harness(AuthenticationRequirement(maxAge: 300, acr: ["mfa"]))
        var browser = Browser()
        try await harness.signIn(&browser, target: "/page")
        browser.headers = [(name: "accept", value: "application/json")]
        let rejection = try #require(await harness.decide("/payroll/x", browser).rejection)
        let challenge = rejection.response.headers.first("www-authenticate") ?? ""
        #expect(rejection.response.status == 401)
        #expect(challenge.contains("error=\"insufficient_user_authentication\""))
        #expect(challenge.contains("max_age=\"300\"") && challenge.contains("acr_values=\"mfa\""))
    }

    @Test func assertionsAreForTheRulesAudience() async throws {
        let harness = try Self.harness(AuthenticationRequirement(), audience: "payroll")
        var browser = Browser()
        try await harness.signIn(&browser, target: "/page")
        func audience(_ target: String) async throws -> String? {
            let accepted = try #require(await harness.decide(target, browser).accepted)
            let header = try #require(accepted.headersToSet.first { $0.name == "x-gatehouse-assertion" })
            return try JSONWebSignature(compact: header.value).claims["aud"]?.string
        }
        for _ in 0..<2 {
            #expect(try await audience("/payroll/x") == "payroll")
            #expect(try await audience("/page") == "apps")
        }
    }
}
