import AuthService
import JOSE
import Synchronization
import Testing
import Web

struct SignInTests {
    @Test func everySignInGetsANewSessionAndThePlantedOneEnds() async throws {
        let harness = try Harness()
        var attacker = Browser()
        try await harness.signIn(&attacker)
        var victim = Browser()
        victim.cookies = attacker.cookies
        let away = try #require(await harness.decide("/_gatehouse/sign-in?rd=/page", victim).redirection)
        victim.take(away.cookies)
        let back = try #require(await harness.decide(try harness.callback(for: away), victim).redirection)
        victim.take(back.cookies)
        #expect(victim.cookies["__Host-gatehouse"] != attacker.cookies["__Host-gatehouse"])
        #expect(await harness.decide("/page", attacker).accepted == nil)
        #expect(await harness.decide("/page", victim).accepted != nil)
    }

    @Test func aReplyAtAnotherBrowserSignsNobodyIn() async throws {
        let harness = try Harness()
        let attackers = try #require(await harness.decide("/page").redirection)
        var victim = Browser()
        victim.take(try #require(await harness.decide("/mine", victim).redirection).cookies)
        let decision = await harness.decide(try harness.callback(for: attackers), victim)
        #expect(decision.redirection?.location.hasPrefix(ScriptedProvider.issuer) == true)
        #expect(harness.store.created.withLock { $0 } == 0)
        #expect(harness.provider.script.withLock { $0.tokenRequests } == 0)
    }

    @Test func aReplyThatComesTwiceEndsAtThePage() async throws {
        let harness = try Harness()
        var browser = Browser()
        let away = try #require(await harness.decide("/page", browser).redirection)
        browser.take(away.cookies)
        let callback = try harness.callback(for: away)
        browser.take(try #require(await harness.decide(callback, browser).redirection).cookies)
        let second = try #require(await harness.decide(callback, browser).redirection)
        #expect(second.location == Harness.home + "/page")
        #expect(harness.store.created.withLock { $0 } == 1)
    }

    @Test func aLateReplyBeginsAgain() async throws {
        let harness = try Harness()
        var browser = Browser()
        let away = try #require(await harness.decide("/page", browser).redirection)
        browser.take(away.cookies)
        harness.advance(3601)
        let again = try #require(await harness.decide(try harness.callback(for: away), browser).redirection)
        #expect(again.location.hasPrefix(ScriptedProvider.issuer))
        browser.take(again.cookies)
        let back = try #require(await harness.decide(try harness.callback(for: again), browser).redirection)
        #expect(back.location == Harness.home + "/page")
    }

    @Test func aBrowserWithoutCookiesIsNotSentRoundForEver() async throws {
        let harness = try Harness()
        var away = try #require(await harness.decide("/page").redirection)
        for _ in 0..<2 { away = try #require(await harness.decide(try harness.callback(for: away)).redirection) }
        let decision = await harness.decide(try harness.callback(for: away))
        #expect(decision.rejection?.response.status == 400)
        #expect(decision.bodyText.contains("cookies"))
    }

    /// Signs in, and loses the session cookie but not the others.
    private func round(_ harness: Harness, _ browser: inout Browser) async throws {
        try await harness.signIn(&browser)
        browser.cookies["__Host-gatehouse"] = nil
    }

    @Test func aBrowserThatLosesItsSessionIsToldAfterThreeRounds() async throws {
        let harness = try Harness()
        var browser = Browser()
        for _ in 0..<3 { try await round(harness, &browser) }
        let decision = await harness.decide("/page", browser)
        #expect(decision.rejection?.response.status == 400)
        for word in ["cookie domain", "https", "clock", "Reference"] { #expect(decision.bodyText.contains(word), "\(word)") }
        #expect(browser.cookies.count == 1)
        #expect((browser.cookies["__Host-gatehouse-sign-in"] ?? "").utf8.count < 200)
        harness.advance(60)
        #expect(await harness.decide("/page", browser).redirection != nil)
    }

    @Test func threeSignInsInALongerTimeAreNoLoop() async throws {
        let harness = try Harness()
        var browser = Browser()
        for _ in 0..<6 {
            try await round(harness, &browser)
            harness.advance(31)
        }
        #expect(await harness.decide("/page", browser).redirection != nil)
    }

    @Test func aStrictCookieIsBroughtByAPageOfOurs() async throws {
        let harness = try Harness(sameSite: .strict)
        var browser = Browser()
        let away = try #require(await harness.decide("/page?x=1", browser).redirection)
        browser.take(away.cookies)
        let page = try #require(await harness.decide(try harness.callback(for: away), browser).page)
        #expect(page.status == 200)
        #expect(page.headers.first("refresh") == "0; url=\(Harness.home)/page?x=1")
        #expect(page.headers.all("set-cookie").contains { $0.hasPrefix("__Host-gatehouse=") && $0.hasSuffix("SameSite=Strict") })
    }

    @Test func aSpentCodeBeginsAgain() async throws {
        let harness = try Harness()
        harness.provider.script.withLock { $0.refusesCode = true }
        var browser = Browser()
        let away = try #require(await harness.decide("/page", browser).redirection)
        browser.take(away.cookies)
        let decision = await harness.decide(try harness.callback(for: away), browser)
        #expect(decision.redirection?.location.hasPrefix(ScriptedProvider.issuer) == true)
    }

    @Test(arguments: [
        "", "state=junk&code=x", "code=x", "state=%00", "state=a&state=b", "error=access_denied",
        "error=%3Cscript%3Ealert(1)%3C/script%3E&state=x", "%zz",
    ])
    func aReplyThatIsNotOursIsAPage(query: String) async throws {
        let harness = try Harness()
        let decision = await harness.decide("/_gatehouse/callback?" + query)
        #expect(decision.rejection?.response.status == 400)
        #expect(!decision.bodyText.contains("<script"))
        #expect(harness.store.created.withLock { $0 } == 0)
    }

    @Test func theProvidersErrorIsAPageWithAWayBack() async throws {
        let harness = try Harness()
        var browser = Browser()
        let away = try #require(await harness.decide("/page", browser).redirection)
        browser.take(away.cookies)
        let callback = try harness.callback(for: away).split(separator: "&")[1]
        let decision = await harness.decide("/_gatehouse/callback?error=access_denied&\(callback)", browser)
        #expect(decision.rejection?.response.status == 400)
        #expect(decision.bodyText.contains("/_gatehouse/sign-in?rd="))
    }

    @Test func aForgedTokenSignsNobodyIn() async throws {
        let harness = try Harness()
        var browser = Browser()
        let away = try #require(await harness.decide("/page", browser).redirection)
        browser.take(away.cookies)
        let callback = try harness.callback(for: away)
        harness.provider.script.withLock { $0.nonce = "another" }
        #expect(await harness.decide(callback, browser).rejection?.response.status == 400)
        #expect(harness.store.created.withLock { $0 } == 0)
    }

    @Test(arguments: [(false, false), ("false", false), (true, true), (nil, true)] as [(JSONValue?, Bool)])
    func anAddressThatIsNotVerifiedIsNoIdentity(verified: JSONValue?, signsIn: Bool) async throws {
        let harness = try Harness()
        harness.provider.script.withLock { $0.claims["email_verified"] = verified }
        var browser = Browser()
        let away = try #require(await harness.decide("/page", browser).redirection)
        browser.take(away.cookies)
        let decision = await harness.decide(try harness.callback(for: away), browser)
        #expect((decision.redirection != nil) == signsIn)
        #expect(harness.store.created.withLock { $0 } == (signsIn ? 1 : 0))
    }

    @Test func aProviderThatIsAwayIsSaidSo() async throws {
        let harness = try Harness()
        harness.provider.script.withLock { $0.isDown = true }
        let response = try #require(await harness.decide("/page").rejection).response
        #expect(response.status == 503)
        #expect(response.headers.first("retry-after") == "5")
    }

    @Test(arguments: [
        "//evil.com", "/\\evil.com", "https:evil.com", "https://app.example.com@evil.com", "https://app.example.com.evil.com",
        "javascript:alert(1)", "%2f%2fevil.com", "/%09/evil.com", "https://evil.com\\@app.example.com", "/x/..//evil.com",
        "/a\r\nSet-Cookie: x=1", "https://evil.com", "https://evil.com/https://app.example.com", "https://app.example.com:8443/x",
        "http://app.example.com/", "/" + String(repeating: "a", count: 10_000), "", "evil.com", "///evil.com", "/%5cevil.com",
    ])
    func badRedirectTargetsEndAtTheHomePage(target: String) async throws {
        let harness = try Harness()
        var browser = Browser()
        let start = "/_gatehouse/sign-in?" + QueryString([("rd", target)]).encoded
        #expect(try await harness.signIn(&browser, target: start) == Harness.home + "/")
    }

    @Test(arguments: [
        ("/x/y?z=1#part", Harness.home + "/x/y?z=1#part"), (Harness.home + "/x", Harness.home + "/x"),
        ("https://other.example.net/y", "https://other.example.net/y"),
    ])
    func goodRedirectTargetsAreKept(target: String, end: String) async throws {
        let harness = try Harness()
        var browser = Browser()
        let start = "/_gatehouse/sign-in?" + QueryString([("rd", target)]).encoded
        #expect(try await harness.signIn(&browser, target: start) == end)
    }
}
