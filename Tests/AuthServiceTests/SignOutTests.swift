import AuthService
import JOSE
import Synchronization
import Testing
import Web

struct SignOutTests {
    private func confirmation(_ page: String) throws -> String {
        let start = try #require(page.firstRange(of: "/_gatehouse/sign-out?confirm="))
        return String(page[start.lowerBound...].prefix { $0 != "\"" })
    }

    @Test func getAsksAndPostDoes() async throws {
        let harness = try Harness()
        var browser = Browser()
        try await harness.signIn(&browser)
        let page = await harness.decide("/_gatehouse/sign-out", browser)
        #expect(page.page?.status == 200)
        #expect(await harness.decide("/page", browser).accepted != nil)
        let away = try #require(await harness.decide(try confirmation(page.bodyText), browser, method: "POST").redirection)
        #expect(away.location.hasPrefix(ScriptedProvider.issuer + "/logout?"))
        #expect(away.location.contains("id_token_hint="))
        #expect(await harness.decide("/page", browser).accepted == nil)
        browser.take(away.cookies)
        #expect(browser.cookies["__Host-gatehouse"] == nil)
        #expect(await harness.decide("/_gatehouse/sign-out", browser).page?.status == 200)
    }

    @Test(arguments: ["/_gatehouse/sign-out", "/_gatehouse/sign-out?confirm=AAAA", "/_gatehouse/sign-out?confirm="])
    func aPostThatNoPageOfOursMadeOnlyAsks(target: String) async throws {
        let harness = try Harness()
        var browser = Browser()
        try await harness.signIn(&browser)
        #expect(await harness.decide(target, browser, method: "POST").page?.status == 200)
        #expect(await harness.decide("/page", browser).accepted != nil)
    }

    @Test func anotherSessionsConfirmationDoesNotFit() async throws {
        let harness = try Harness()
        var attacker = Browser()
        var victim = Browser()
        try await harness.signIn(&attacker)
        try await harness.signIn(&victim)
        let target = try confirmation(await harness.decide("/_gatehouse/sign-out", attacker).bodyText)
        #expect(await harness.decide(target, victim, method: "POST").page?.status == 200)
        #expect(await harness.decide("/page", victim).accepted != nil)
    }

    @Test func aStoreThatIsAwayDoesNotPretendToSignOut() async throws {
        let harness = try Harness()
        var browser = Browser()
        try await harness.signIn(&browser)
        #expect(await harness.decide("/page", browser).accepted != nil)
        let target = try confirmation(await harness.decide("/_gatehouse/sign-out", browser).bodyText)
        harness.store.isDown.withLock { $0 = true }
        #expect(await harness.decide(target, browser, method: "POST").rejection?.response.status == 503)
    }

    @Test func oneConfirmationEndsThePersonsSessionsEverywhere() async throws {
        let harness = try Harness()
        var (one, two) = (Browser(), Browser())
        try await harness.signIn(&one)
        try await harness.signIn(&two)
        #expect(await harness.decide("/page", two).accepted != nil)
        let page = await harness.decide("/_gatehouse/sign-out", one).bodyText
        let confirmation = try confirmation(page)
        #expect(page.contains("formaction=\"\(confirmation)&amp;everywhere=1\""))
        #expect(await harness.decide(confirmation + "&everywhere=1", one, method: "POST").redirection != nil)
        #expect(await harness.decide("/page", one).accepted == nil)
        #expect(await harness.decide("/page", two).accepted == nil)
    }

    @Test func thePageAskedForIsReachedThroughTheProvider() async throws {
        let harness = try Harness()
        var browser = Browser()
        try await harness.signIn(&browser)
        let page = await harness.decide("/_gatehouse/sign-out?rd=%2Fbye%3Fx%3D1", browser).bodyText
        let action = try confirmation(page).replacing("&amp;", with: "&")
        let away = try #require(await harness.decide(action, browser, method: "POST").redirection)
        let query = try #require(FormFields(query: away.location.drop { $0 != "?" }.dropFirst()))
        #expect(query.first("post_logout_redirect_uri") == "https://app.example.com/_gatehouse/sign-out")
        let state = try #require(query.first("state"))
        browser.take(away.cookies)
        let back = await harness.decide("/_gatehouse/sign-out?" + QueryString([("state", state)]).encoded, browser)
        #expect(back.redirection?.location == "https://app.example.com/bye?x=1")
    }

    @Test(arguments: ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
    func noOtherSiteIsReached(rd: String) async throws {
        let target = "/_gatehouse/sign-out?" + QueryString([("rd", rd)]).encoded
        let decision = try await Harness().decide(target)
        #expect(decision.redirection?.location == "https://app.example.com/")
    }

    @Test(arguments: ["", "x", String(repeating: "A", count: 200), String(repeating: "A", count: 100_000)])
    func aStateThatIsNotOursLeadsNowhere(state: String) async throws {
        let decision = try await Harness().decide("/_gatehouse/sign-out?state=\(state)")
        #expect(decision.page?.status == 200)
    }

    @Test func theRefreshTokenIsRevokedAtTheProvider() async throws {
        let harness = try Harness()
        var browser = Browser()
        try await harness.signIn(&browser)
        let target = try confirmation(await harness.decide("/_gatehouse/sign-out", browser).bodyText)
        _ = await harness.decide(target, browser, method: "POST")
        let revoked = harness.provider.script.withLock { $0.revoked }
        #expect(revoked == ["token=rt&token_type_hint=refresh_token"])
    }

    /// What scripts send from a page of the same origin, and from elsewhere.
    @Test(arguments: [
        ([("sec-fetch-site", "same-origin")], true), ([("origin", "https://app.example.com")], true),
        ([("sec-fetch-site", "cross-site")], false),
        ([("sec-fetch-site", "same-site"), ("origin", "https://app.example.com")], false),
        ([("origin", "https://evil.example")], false), ([("origin", "null")], false), ([], false),
    ])
    func programsOfTheSameOriginSignOutWithJSON(headers: [(String, String)], isDone: Bool) async throws {
        let harness = try Harness(aliases: PathAliases([.arrikto]))
        var browser = Browser()
        try await harness.signIn(&browser)
        var script = browser
        script.headers = [(name: "accept", value: "application/json")] + headers.map { (name: $0.0, value: $0.1) }
        let decision = await harness.decide("/authservice/logout", script, method: "POST")
        #expect(await harness.decide("/page", browser).accepted == nil || !isDone)
        #expect(decision.response?.status == (isDone ? 201 : 403))
        if isDone {
            let json = try JSONReader.read(Array(decision.bodyText.utf8))
            #expect(json.object?["afterLogoutURL"]?.string?.hasPrefix(ScriptedProvider.issuer + "/logout?") ?? false)
            #expect(decision.response?.headers.first("set-cookie")?.hasPrefix("__Host-gatehouse=;") ?? false)
        } else {
            #expect(await harness.decide("/page", browser).accepted != nil)
        }
    }

    @Test(arguments: [
        ("same-origin", "navigate", "document", true), ("none", "navigate", "document", true),
        ("cross-site", "navigate", "document", false), ("same-site", "navigate", "document", false),
        ("same-origin", "no-cors", "image", false), ("same-origin", "navigate", "iframe", false),
    ])
    func theLinkOfOAuth2ProxySignsOutFromOwnPagesOnly(site: String, mode: String, destination: String, isDone: Bool) async throws
    {
        let harness = try Harness(aliases: PathAliases([.oauth2Proxy]))
        var browser = Browser()
        try await harness.signIn(&browser)
        var click = browser
        click.headers = [
            (name: "sec-fetch-site", value: site), (name: "sec-fetch-mode", value: mode),
            (name: "sec-fetch-dest", value: destination), (name: "accept", value: "text/html"),
        ]
        let decision = await harness.decide("/oauth2/sign_out?rd=%2Fbye", click)
        #expect((decision.redirection != nil) == isDone)
        #expect((await harness.decide("/page", browser).accepted == nil) == isDone)
    }

    @Test func theLinkOfOAuth2ProxyIsNotOursUnlessAskedFor() async throws {
        let harness = try Harness()
        var browser = Browser()
        try await harness.signIn(&browser)
        for path in ["/oauth2/sign_out", "/oauth2/userinfo", "/authservice/logout"] {
            #expect(await harness.decide(path, browser).accepted != nil)
        }
    }

    @Test func oauth2ProxysEndpointsSayWhoIsSignedIn() async throws {
        let harness = try Harness(aliases: PathAliases([.oauth2Proxy]))
        var browser = Browser()
        #expect(await harness.decide("/oauth2/auth", browser).rejection?.response.status == 401)
        let start = try #require(await harness.decide("/oauth2/start?rd=%2Fx", browser).redirection)
        #expect(start.location.contains("redirect_uri=https%3A%2F%2Fapp.example.com%2Foauth2%2Fcallback"))
        browser.take(start.cookies)
        let callback = try harness.callback(for: start).replacing("/_gatehouse/callback", with: "/oauth2/callback")
        let back = try #require(await harness.decide(callback, browser).redirection)
        #expect(back.location == "https://app.example.com/x")
        browser.take(back.cookies)
        let auth = try #require(await harness.decide("/oauth2/auth", browser).page)
        #expect(auth.status == 202)
        #expect(auth.headers.first("x-auth-request-email") == "admin@example.com")
        let info = try JSONReader.read(Array(await harness.decide("/oauth2/userinfo", browser).bodyText.utf8))
        #expect(info.object?["user"] == "user-1")
        #expect(info.object?["groups"] == ["admins", "team-a"])
    }
}
