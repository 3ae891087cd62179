import AuthService
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
}
