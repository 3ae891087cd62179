import AuthService
import JOSE
import Synchronization
import Testing
import Web

/// What rules say about the time when the store cannot be asked.
struct StoreOutageTests {
    private func harness() throws -> Harness {
        try Harness(parts: { parts, clock in
            var rule = Rule(paths: [.below(prefix: Array("/status/".utf8))], permission: .signedIn)
            rule.knownSessionsGoOn = 600
            parts.rules = RuleSet([rule], clock: clock)
        })
    }

    @Test func aSessionThatCannotBeReadIsNotTheStoresEnd() async throws {
        let harness = try Harness()
        var (one, other) = (Browser(), Browser())
        try await harness.signIn(&one)
        try await harness.signIn(&other)
        let cookie = try #require(one.cookies["__Host-gatehouse"])
        harness.store.damaged.withLock { $0 = SessionKey(digest: sha256(cookie.utf8)) }
        harness.advance(70)
        #expect(await harness.decide("/page", one).rejection?.response.status == 503)
        #expect(await harness.decide("/page", other).accepted != nil)
    }

    @Test func knownSessionsGoOnForAsLongAsTheRuleSays() async throws {
        let harness = try harness()
        var browser = Browser()
        try await harness.signIn(&browser, target: "/status/x")
        #expect(await harness.decide("/status/x", browser).accepted != nil)
        harness.store.isDown.withLock { $0 = true }
        harness.advance(599)
        #expect(await harness.decide("/status/x", browser).accepted != nil)
        #expect(await harness.decide("/other", browser).rejection?.response.status == 503, "closed where nothing is said")
        harness.advance(2)
        #expect(await harness.decide("/status/x", browser).rejection?.response.status == 503)
    }

    @Test func nobodyElseGetsIn() async throws {
        let harness = try harness()
        harness.store.isDown.withLock { $0 = true }
        var browser = Browser()
        browser.cookies["__Host-gatehouse"] = String(repeating: "A", count: 43)
        #expect(await harness.decide("/status/x", browser).rejection?.response.status == 503)
    }

    /// A database that is locked holds up whoever asks it for seconds.
    @Test func notEverybodyAsksAStoreThatIsAway() async throws {
        let harness = try Harness(cookieSessions: true)
        var browser = Browser()
        try await harness.signIn(&browser)
        harness.store.isDown.withLock { $0 = true }
        #expect(await harness.decide("/page", browser).rejection?.response.status == 503)
        harness.store.isDown.withLock { $0 = false }
        #expect(await harness.decide("/page", browser).rejection?.response.status == 503, "nobody has looked since")
        harness.advance(15)
        #expect(await harness.decide("/page", browser).accepted != nil)
    }
}
