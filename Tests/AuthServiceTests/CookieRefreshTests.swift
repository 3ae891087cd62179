import AuthService
import JOSE
import RelyingParty
import Synchronization
import Testing
import Web

/// How the tokens of sessions that live in their cookies are renewed: those of 600 seconds are due after 480.
struct CookieRefreshTests {
    private static let cookie = "__Host-gatehouse"

    private func signedIn(patience: Duration = .seconds(20), groups: Int = 2) async throws -> (Harness, Browser) {
        let harness = try Harness(cookieSessions: true, patience: patience)
        Self.give(groups, to: harness)
        var browser = Browser()
        try await harness.signIn(&browser)
        harness.provider.script.withLock { $0.tokenRequests = 0 }
        return (harness, browser)
    }

    private static func give(_ groups: Int, to harness: Harness) {
        // Digests, since what repeats itself is compressed away.
        let names = (0..<groups).map { Base64URL.encode(sha256("\($0)".utf8)) }
        harness.provider.script.withLock { $0.claims["groups"] = .strings(names) }
    }

    private func requests(_ harness: Harness) -> Int { harness.provider.script.withLock { $0.tokenRequests } }

    private func groups(_ decision: Decision) -> Int? {
        decision.accepted?.headersToSet.first { $0.name == "kubeflow-groups" }?.value.split(separator: ",").count
    }

    private func parts(_ browser: Browser) -> [String] {
        browser.cookies.keys.filter { $0.hasPrefix(Self.cookie) && !$0.hasSuffix("sign-in") }.sorted()
    }

    @Test func nothingIsRefreshedBeforeItIsDue() async throws {
        let (harness, browser) = try await signedIn()
        harness.advance(479)
        #expect(await harness.decide("/page", browser).accepted != nil)
        await harness.settle()
        #expect(requests(harness) == 0)
    }

    @Test func theRequestThatBeginsItBringsTheNewCookie() async throws {
        var (harness, browser) = try await signedIn()
        Self.give(3, to: harness)
        harness.advance(480)
        try await harness.working {
            let decision = await harness.decide("/page", browser)
            #expect(groups(decision) == 3)
            browser.take(try #require(decision.accepted).cookies)
            #expect(await harness.decide("/page", browser).accepted?.cookies == [])
        }
        #expect(requests(harness) == 1)
    }

    @Test func fiftyRequestsRefreshOnce() async throws {
        let (harness, browser) = try await signedIn()
        harness.advance(480)
        try await harness.working {
            await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<50 { group.addTask { await harness.decide("/page", browser).accepted != nil } }
                for await isIn in group { #expect(isIn) }
            }
        }
        #expect(requests(harness) == 1)
    }

    @Test func theCookieOfBeforeIsGoodForALongTimeAndRefreshesNothing() async throws {
        let (harness, browser) = try await signedIn()
        harness.advance(480)
        try await harness.working {
            #expect(await harness.decide("/page", browser).accepted != nil)
            Self.give(3, to: harness)
            // By then it is read from the cookie once more.
            harness.advance(120)
            let decision = await harness.decide("/page", browser)
            #expect(groups(decision) == 2)
            #expect(decision.accepted?.cookies.count == 1, "the browser is told again")
        }
        #expect(requests(harness) == 1)
    }

    @Test func nobodyWaitsLongForAProvider() async throws {
        var (harness, browser) = try await signedIn(patience: .zero)
        Self.give(3, to: harness)
        harness.advance(480)
        #expect(groups(await harness.decide("/page", browser)) == 2, "nobody is at work on the lane")
        await harness.settle()
        let later = await harness.decide("/page", browser)
        #expect(groups(later) == 3)
        browser.take(try #require(later.accepted).cookies)
        #expect(await harness.decide("/page", browser).accepted?.cookies == [])
    }

    @Test func aLongerSessionIsSplitAnewAndAShorterOneRemovesTheRest() async throws {
        var (harness, browser) = try await signedIn()
        Self.give(300, to: harness)
        harness.advance(480)
        try await harness.working {
            browser.take(try #require(await harness.decide("/page", browser).accepted).cookies)
            #expect(parts(browser).count >= 3)
            #expect(groups(await harness.decide("/page", browser)) == 300)
            Self.give(1, to: harness)
            harness.advance(480)
            browser.take(try #require(await harness.decide("/page", browser).accepted).cookies)
            #expect(parts(browser) == [Self.cookie])
            #expect(groups(await harness.decide("/page", browser)) == 1)
        }
    }

    @Test func aRefusedRefreshEndsTheSessionAndClearsItsCookies() async throws {
        let (harness, browser) = try await signedIn(groups: 300)
        harness.advance(480)
        harness.provider.script.withLock { $0.refusesCode = true }
        try await harness.working {
            let decision = try #require(await harness.decide("/page", browser).redirection)
            let cleared = decision.cookies.filter { $0.contains("Max-Age=0") }.map { String($0.prefix { $0 != "=" }) }
            #expect(cleared.sorted() == parts(browser))
            for _ in 0..<3 { #expect(await harness.decide("/page", browser).accepted == nil) }
        }
        #expect(requests(harness) == 1)
    }

    @Test func anotherPersonInTheNewIDTokenEndsTheSession() async throws {
        let (harness, browser) = try await signedIn()
        harness.advance(480)
        harness.provider.script.withLock { $0.claims["sub"] = "user-2" }
        try await harness.working { #expect(await harness.decide("/page", browser).accepted == nil) }
    }

    @Test func aProviderThatIsAwayIsAskedAgainUntilTheGraceIsOver() async throws {
        var (harness, browser) = try await signedIn()
        harness.advance(480)
        harness.provider.script.withLock { $0.isDown = true }
        try await harness.working {
            // The grace is 900 s, a try every 30.
            for _ in 0..<29 {
                let accepted = try #require(await harness.decide("/page", browser).accepted)
                browser.take(accepted.cookies)
                harness.advance(31)
                try await Task.sleep(for: .milliseconds(5))
            }
            for _ in 0..<3 {
                _ = await harness.decide("/page", browser)
                harness.advance(31)
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(await harness.decide("/page", browser).accepted == nil)
        }
    }

    @Test func aProviderThatIsBackIsAsked() async throws {
        var (harness, browser) = try await signedIn()
        harness.advance(480)
        harness.provider.script.withLock { $0.isDown = true }
        try await harness.working {
            browser.take(try #require(await harness.decide("/page", browser).accepted).cookies)
            harness.provider.script.withLock { $0.isDown = false }
            Self.give(3, to: harness)
            harness.advance(31)
            // Nobody waits for a provider that did not answer the last time.
            for _ in 0..<500 where groups(await harness.decide("/page", browser)) != 3 {
                try await Task.sleep(for: .milliseconds(10))
            }
            #expect(groups(await harness.decide("/page", browser)) == 3)
        }
    }

    /// Of two answers a browser keeps the last: the cookie of before must not take the place of the new one.
    @Test func whileAnotherProcessRenewsTheCookieOfBeforeIsNotWrittenAnew() async throws {
        let (harness, browser) = try await signedIn()
        harness.store.refreshesElsewhere.withLock { $0 = true }
        harness.advance(480)
        try await harness.working {
            for _ in 0..<3 {
                #expect(await harness.decide("/page", browser).accepted?.cookies == [])
                harness.advance(10)
            }
        }
        #expect(requests(harness) == 0)
    }

    @Test func withoutTheStoreNothingIsRefreshed() async throws {
        let (harness, browser) = try await signedIn()
        harness.advance(450)
        #expect(await harness.decide("/page", browser).accepted != nil)
        harness.advance(30)
        harness.store.isDown.withLock { $0 = true }
        try await harness.working { #expect(await harness.decide("/page", browser).accepted != nil) }
        #expect(requests(harness) == 0)
    }
}
