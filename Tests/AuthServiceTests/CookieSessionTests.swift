import AuthService
import JOSE
import Synchronization
import Testing
import Web

/// Sessions that live in their cookies alone.
struct CookieSessionTests {
    private static let cookie = "__Host-gatehouse"

    private func signedIn(groups: Int = 2) async throws -> (Harness, Browser) {
        let harness = try Harness(cookieSessions: true)
        harness.provider.script.withLock { script in
            // Digests, since what repeats itself is compressed away.
            let names = (0..<groups).map { Base64URL.encode(sha256("\($0)".utf8)) }
            script.claims["groups"] = .strings(names)
        }
        var browser = Browser()
        try await harness.signIn(&browser)
        return (harness, browser)
    }

    @Test func nothingIsStored() async throws {
        let (harness, browser) = try await signedIn()
        #expect(await harness.decide("/page", browser).accepted != nil)
        #expect(harness.store.created.withLock { $0 } == 0)
        #expect(browser.cookies[Self.cookie]?.hasPrefix("1.") == true)
    }

    @Test func aLongSessionIsSplitAndAShorterOneRemovesTheRest() async throws {
        var (harness, browser) = try await signedIn(groups: 300)
        let parts = browser.cookies.keys.filter { $0.hasPrefix(Self.cookie) && !$0.hasSuffix("sign-in") }
        #expect(parts.count >= 3)
        #expect(browser.cookies.values.allSatisfy { $0.utf8.count <= 3800 })
        #expect(await harness.decide("/page", browser).accepted != nil)
        harness.provider.script.withLock { $0.claims["groups"] = ["few"] }
        let away = try #require(await harness.decide("/_gatehouse/sign-in", browser).redirection)
        browser.take(away.cookies)
        browser.take(try #require(await harness.decide(try harness.callback(for: away), browser).redirection).cookies)
        #expect(browser.cookies.keys.filter { $0.hasPrefix(Self.cookie) && !$0.hasSuffix("sign-in") } == [Self.cookie])
        #expect(await harness.decide("/page", browser).accepted != nil)
    }

    @Test func aSessionThatFitsIntoNoCookiesIsRefused() async throws {
        let harness = try Harness(cookieSessions: true)
        harness.provider.script.withLock { script in
            script.claims["groups"] = .strings((0..<2000).map { Base64URL.encode(sha256("\($0)".utf8)) })
        }
        var browser = Browser()
        let away = try #require(await harness.decide("/page", browser).redirection)
        browser.take(away.cookies)
        #expect(await harness.decide(try harness.callback(for: away), browser).rejection?.response.status == 400)
    }

    static let broken: [@Sendable ([String: String]) -> [String: String]] = [
        { cookies in cookies.mapValues { String($0.dropLast()) } },
        { cookies in cookies.mapValues { $0 + "A" } },
        { cookies in cookies.mapValues { "9" + $0.dropFirst() } },
        { cookies in cookies.mapValues { "1" + $0.dropFirst() } },
        { cookies in cookies.filter { $0.key != cookie + "-1" } },
        { cookies in cookies.filter { $0.key != cookie } },
        { cookies in cookies.mapValues { String($0.dropFirst(2)) } },
        { cookies in cookies.mapValues { "0." + $0.dropFirst(2) } },
        { cookies in cookies.mapValues { "99999999999999999999." + $0.dropFirst(2) } },
        { cookies in cookies.merging([cookie + "-77": "x"]) { one, _ in one } },
        { _ in [cookie: "1." + String(repeating: "A", count: 100_000)] },
    ]

    @Test(arguments: broken.indices)
    func aBrokenCookieSignsNobodyIn(index: Int) async throws {
        var (harness, browser) = try await signedIn(groups: 300)
        browser.cookies = Self.broken[index](browser.cookies)
        let decision = await harness.decide("/page", browser)
        #expect(decision.accepted == nil)
        let cleared = try #require(decision.redirection?.cookies.filter { $0.contains("=; ") && $0.contains("Max-Age=0") })
        #expect(cleared.count >= 1)
    }

    @Test func aCookieIsNobodysOnAnotherHost() async throws {
        var (harness, browser) = try await signedIn()
        browser.authority = "other.example.net"
        #expect(await harness.decide("/page", browser).accepted == nil)
    }

    @Test func aSignOutHoldsForEveryCopyOfTheCookie() async throws {
        let (harness, browser) = try await signedIn()
        harness.advance(61)
        var later = browser
        later.take(try #require(await harness.decide("/page", browser).accepted?.cookies))
        #expect(later.cookies[Self.cookie] != browser.cookies[Self.cookie])
        let page = await harness.decide("/_gatehouse/sign-out", later).bodyText
        let start = try #require(page.firstRange(of: "/_gatehouse/sign-out?confirm="))
        let action = String(page[start.lowerBound...].prefix { $0 != "\"" })
        #expect(await harness.decide(action, later, method: "POST").redirection != nil)
        for copy in [browser, later] { #expect(await harness.decide("/page", copy).accepted == nil) }
    }

    @Test func theUseIsWrittenIntoTheCookieOnceAMinute() async throws {
        let (harness, browser) = try await signedIn()
        #expect(await harness.decide("/page", browser).accepted?.cookies == [])
        harness.advance(61)
        let first = try #require(await harness.decide("/page", browser).accepted)
        #expect(first.cookies.count == 1)
        #expect(await harness.decide("/page", browser).accepted?.cookies == [])
        var later = browser
        later.take(first.cookies)
        harness.advance(3590)
        #expect(await harness.decide("/page", later).accepted != nil)
    }

    @Test func anUnusedCookieEnds() async throws {
        let (harness, browser) = try await signedIn()
        harness.advance(3600)
        #expect(await harness.decide("/page", browser).accepted == nil)
    }

    @Test func aStoreThatIsAwayLetsNobodyNewIn() async throws {
        let (harness, browser) = try await signedIn()
        harness.store.isDown.withLock { $0 = true }
        #expect(await harness.decide("/page", browser).rejection?.response.status == 503)
    }
}
