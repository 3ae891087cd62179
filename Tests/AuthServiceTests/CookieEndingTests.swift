import AuthService
import JOSE
import Synchronization
import Testing
import Web

/// What ends sessions that live in their cookies without their cookies being there.
struct CookieEndingTests {
    private func signedIn(_ harness: Harness) async throws -> Browser {
        var browser = Browser()
        try await harness.signIn(&browser)
        #expect(await harness.decide("/page", browser).accepted != nil)
        return browser
    }

    private func isIn(_ harness: Harness, _ browser: Browser) async -> Bool {
        await harness.decide("/page", browser).accepted != nil
    }

    private func notify(_ harness: Harness, _ token: String) async -> Decision {
        let body = Array(QueryString([("logout_token", token)]).encoded.utf8)
        return await harness.decide(
            WebRequest(
                method: "POST", scheme: "https", authority: "app.example.com", target: "/_gatehouse/backchannel-logout",
                headers: ["content-type": "application/x-www-form-urlencoded"], body: body))
    }

    /// `sid`, `sub`, or both.
    @Test(arguments: [("sid-1", nil), (nil, "user-1"), ("sid-1", "user-1")] as [(String?, String?)])
    func aNoticeEndsTheSessionsThatItNames(sid: String?, subject: String?) async throws {
        let harness = try Harness(cookieSessions: true)
        let browser = try await signedIn(harness)
        let token = try harness.provider.logoutToken { claims in
            claims["sid"] = sid.map { .string($0) }
            claims["sub"] = subject.map { .string($0) }
        }
        #expect(await notify(harness, token).page?.status == 200)
        #expect(await !isIn(harness, browser))
        _ = try await signedIn(harness)
        harness.advance(70)
        #expect(await !isIn(harness, browser), "also when it is no longer in memory")
    }

    @Test(arguments: [("sid-2", nil), (nil, "user-2"), ("sid-1", "user-2")] as [(String?, String?)])
    func otherSessionsGoOn(sid: String?, subject: String?) async throws {
        let harness = try Harness(cookieSessions: true)
        let browser = try await signedIn(harness)
        let token = try harness.provider.logoutToken { claims in
            claims["sid"] = sid.map { .string($0) }
            claims["sub"] = subject.map { .string($0) }
        }
        #expect(await notify(harness, token).page?.status == 200)
        #expect(await isIn(harness, browser))
    }

    /// A request that waits for new tokens is not let in for a session that ends meanwhile.
    @Test func whatEndsWhileARequestWaitsIsOver() async throws {
        let harness = try Harness(cookieSessions: true, patience: .milliseconds(600))
        let browser = try await signedIn(harness)
        harness.advance(480)
        async let waiting = isIn(harness, browser)
        try await Task.sleep(for: .milliseconds(150))
        #expect(await notify(harness, try harness.provider.logoutToken { _ in }).page?.status == 200)
        #expect(await !waiting)
    }

    @Test func ofOneSecondTheOrderCounts() async throws {
        let harness = try Harness(cookieSessions: true)
        for number in 0..<3 {
            let browser = try await signedIn(harness)
            let token = try harness.provider.logoutToken { $0["jti"] = .string("notice-\(number)") }
            #expect(await notify(harness, token).page?.status == 200)
            #expect(await !isIn(harness, browser))
        }
    }

    @Test func signingOutEverywhereEndsTheSessionsOfOtherBrowsers() async throws {
        let harness = try Harness(cookieSessions: true)
        let (here, there) = (try await signedIn(harness), try await signedIn(harness))
        let page = await harness.decide("/_gatehouse/sign-out", here).bodyText
        let start = try #require(page.firstRange(of: "/_gatehouse/sign-out?confirm="))
        let action = String(page[start.lowerBound...].prefix { $0 != "\"" })
        #expect(await harness.decide(action + "&everywhere=1", here, method: "POST").redirection != nil)
        #expect(await !isIn(harness, here))
        #expect(await !isIn(harness, there))
        _ = try await signedIn(harness)
    }

    @Test func theProvidersFrameEndsTheSessionWhoseCookieComesAlong() async throws {
        let harness = try Harness(cookieSessions: true)
        let (browser, other) = (try await signedIn(harness), try await signedIn(harness))
        let query = QueryString([("iss", ScriptedProvider.issuer), ("sid", "sid-1")]).encoded
        #expect(await harness.decide("/_gatehouse/frontchannel-logout?\(query)").rejection?.response.status == 400)
        #expect(await isIn(harness, browser), "nobody's request ends nothing")
        #expect(await harness.decide("/_gatehouse/frontchannel-logout?\(query)", browser).page?.status == 200)
        #expect(await !isIn(harness, browser))
        #expect(await isIn(harness, other))
    }

    @Test func theStoreIsAskedOnceAMinuteForACookie() async throws {
        let harness = try Harness(cookieSessions: true)
        let browser = try await signedIn(harness)
        let before = harness.store.asked.withLock { $0 }
        for _ in 0..<20 { #expect(await isIn(harness, browser)) }
        #expect(harness.store.asked.withLock { $0 } == before)
    }
}
