import AuthService
import JOSE
import Synchronization
import Testing
import Web

/// Sessions that rest between two checks: 64 are awake at a time, one in each part of the cache.
struct RestingTests {
    private static let people = 300

    private static func signedIn(_ harness: Harness) async throws -> [Browser] {
        var browsers: [Browser] = []
        for _ in 0..<people {
            var browser = Browser()
            try await harness.signIn(&browser)
            browsers.append(browser)
        }
        return browsers
    }

    private static func headers(_ harness: Harness, _ target: String, _ browser: Browser) async throws -> [Accepted.Header] {
        try #require(await harness.decide(target, browser).accepted).headersToSet
    }

    /// The signature is another each time that one is made: the same assertion is one that was put together again.
    @Test func whatSomebodyIsGrantedOutlivesTheRest() async throws {
        let harness = try Harness(holdsTokens: false, maximumAwake: 64)
        let browsers = try await Self.signedIn(harness)
        var first: [[Accepted.Header]] = []
        for browser in browsers { first.append(try await Self.headers(harness, "/page", browser)) }
        #expect(first[0].contains { $0.name == "x-gatehouse-assertion" } && first[0].contains { $0.name == "kubeflow-userid" })
        // From memory alone.
        harness.store.isDown.withLock { $0 = true }
        for (browser, granted) in zip(browsers, first) {
            #expect(try await Self.headers(harness, "/page", browser) == granted)
        }
        #expect(Set(first.compactMap { $0.first?.value }).count == Self.people)
    }

    @Test func anAssertionThatIsPutTogetherAgainVerifies() async throws {
        let harness = try Harness(holdsTokens: false, maximumAwake: 64)
        let browsers = try await Self.signedIn(harness)
        for browser in browsers { _ = try await Self.headers(harness, "/page", browser) }
        let key = try #require(harness.signer.published.keys.first)
        for browser in browsers {
            let header = try await Self.headers(harness, "/page", browser).first { $0.name == "x-gatehouse-assertion" }
            let token = try JSONWebSignature(compact: try #require(header).value)
            #expect(token.isSigned(by: key, algorithm: .es256))
        }
    }

    @Test func itIsSignedAnewWhenItIsTime() async throws {
        let harness = try Harness(holdsTokens: false, maximumAwake: 64)
        let browsers = try await Self.signedIn(harness)
        var first: [[Accepted.Header]] = []
        for browser in browsers { first.append(try await Self.headers(harness, "/page", browser)) }
        harness.advance(200)
        for (browser, granted) in zip(browsers, first) {
            #expect(try await Self.headers(harness, "/page", browser).first != granted.first)
        }
    }

    /// A rule that refused goes on to do so, and what one rule grants is not another's.
    @Test func whatSomebodyIsRefusedStaysRefused() async throws {
        let harness = try Harness(holdsTokens: false, maximumAwake: 64)
        let browsers = try await Self.signedIn(harness)
        for _ in 0..<2 {
            for browser in browsers {
                #expect(await harness.decide("/page", browser).accepted != nil)
                #expect(await harness.decide("/payroll/x", browser).rejection?.kind == .forbidden)
            }
        }
    }

    @Test func aSessionThatEndsAtRestHasEnded() async throws {
        let harness = try Harness(holdsTokens: false, maximumAwake: 64)
        let browsers = try await Self.signedIn(harness)
        for browser in browsers { _ = try await Self.headers(harness, "/page", browser) }
        let ended = try await harness.sessions.endAll(.named("admin@example.com"))
        #expect(ended.count == Self.people)
        for browser in browsers { #expect(await harness.decide("/page", browser).redirection != nil) }
    }

    @Test func aSessionThatIsNotUsedEndsAtRest() async throws {
        let harness = try Harness(lifeInMemory: 100_000, holdsTokens: false, maximumAwake: 64)
        let browsers = try await Self.signedIn(harness)
        for browser in browsers { _ = try await Self.headers(harness, "/page", browser) }
        harness.advance(1800)
        let (busy, idle) = (browsers.prefix(Self.people / 2), browsers.suffix(Self.people / 2))
        for browser in busy { _ = try await Self.headers(harness, "/page", browser) }
        harness.advance(1801)
        for browser in busy { #expect(await harness.decide("/page", browser).accepted != nil) }
        for browser in idle { #expect(await harness.decide("/page", browser).redirection != nil) }
    }

    /// Of them memory has none; the store is asked.
    @Test func theProvidersTokensAreTheStores() async throws {
        let harness = try Harness(holdsTokens: false)
        var browser = Browser()
        try await harness.signIn(&browser)
        #expect(await harness.decide("/page", browser).accepted != nil)
        let page = await harness.decide("/_gatehouse/sign-out", browser)
        #expect(page.page?.status == 200)
        harness.store.isDown.withLock { $0 = true }
        #expect(await harness.decide("/_gatehouse/sign-out", browser).rejection?.kind == .unavailable)
    }
}
