import Accounts
import AuthService
import JOSE
import RelyingParty
import Synchronization
import Testing
import Web

/// Rules whose applications are given tokens of their own.
struct TokenExchangeTests {
    private static func rule(_ path: String, _ audience: String?, header: String = "authorization") -> Rule {
        var rule = Rule(paths: [.below(prefix: Array(path.utf8))], permission: .signedIn)
        rule.tokenDemand = audience.map { TokenDemand(target: ExchangeTarget(audiences: [$0]), header: header) }
        return rule
    }

    private func signedIn(cookieSessions: Bool = false) async throws -> (Harness, Browser) {
        let harness = try Harness(
            cookieSessions: cookieSessions,
            parts: { parts, clock in
                parts.rules = RuleSet(
                    [
                        Self.rule("/orders/", "orders"), Self.rule("/also-orders/", "orders"),
                        Self.rule("/stock/", "stock", header: "X-Stock-Token"), Self.rule("/plain/", nil),
                        Rule(paths: [.below(prefix: Array("/open/".utf8))], permission: .anyone),
                    ], clock: clock)
            })
        var browser = Browser()
        try await harness.signIn(&browser, target: "/plain/x")
        return (harness, browser)
    }

    private func header(_ name: String, _ decision: Decision) -> String? {
        decision.accepted?.headersToSet.first { $0.name == name }?.value
    }

    private func exchanges(_ harness: Harness) -> [String] { harness.provider.script.withLock { $0.exchanges.map(\.audience) } }

    /// What is decided without waiting.
    private func atOnce(_ harness: Harness, _ browser: Browser, _ target: String) -> Decision? {
        let request = CheckRequest(http: browser.request(target), gatewayCarriesPages: true)
        return if case .decided(let decision) = harness.authorizer.decide(request) { decision } else { nil }
    }

    @Test func theApplicationIsGivenItsToken() async throws {
        let (harness, browser) = try await signedIn()
        #expect(header("authorization", await harness.decide("/orders/x", browser)) == "Bearer token-1")
        #expect(header("x-stock-token", await harness.decide("/stock/x", browser)) == "token-2")
        #expect(exchanges(harness) == ["orders", "stock"])
        #expect(harness.provider.script.withLock { $0.exchanges.allSatisfy { $0.subject == "at" } })
    }

    @Test func theNextRequestsWaitForNothing() async throws {
        let (harness, browser) = try await signedIn()
        #expect(atOnce(harness, browser, "/orders/x") == nil)
        _ = await harness.decide("/orders/x", browser)
        for target in ["/orders/x", "/orders/y", "/also-orders/x"] {
            #expect(header("authorization", try #require(atOnce(harness, browser, target))) == "Bearer token-1")
        }
        #expect(exchanges(harness) == ["orders"])
    }

    @Test func oneExchangeServesAllWhoWait() async throws {
        let (harness, browser) = try await signedIn()
        let values = await withTaskGroup(of: String?.self) { group in
            for number in 0..<200 {
                group.addTask {
                    header("authorization", await harness.decide(number % 2 == 0 ? "/orders/x" : "/also-orders/x", browser))
                }
            }
            return await group.reduce(into: Set<String?>()) { $0.insert($1) }
        }
        #expect(values == ["Bearer token-1"])
        #expect(exchanges(harness) == ["orders"])
    }

    /// Of 300 seconds 30 are left then, of 10 seconds 2; where nothing is said, it is as if it were a minute.
    @Test(arguments: [(300, 270), (10, 8), (1, 1), (nil, 48)] as [(Int64?, Int64)])
    func aNewOneIsGotShortlyBeforeItEnds(expiresIn: Int64?, life: Int64) async throws {
        let (harness, browser) = try await signedIn()
        harness.provider.script.withLock { $0.exchangeChanges["expires_in"] = .some(expiresIn.map { .integer($0) }) }
        _ = await harness.decide("/orders/x", browser)
        harness.advance(life - 1)
        #expect(header("authorization", await harness.decide("/orders/x", browser)) == "Bearer token-1")
        harness.advance(1)
        #expect(header("authorization", await harness.decide("/orders/x", browser)) == "Bearer token-2")
    }

    @Test func anotherSessionHasItsOwn() async throws {
        let (harness, browser) = try await signedIn()
        var other = Browser()
        try await harness.signIn(&other, target: "/plain/x")
        #expect(header("authorization", await harness.decide("/orders/x", browser)) == "Bearer token-1")
        #expect(header("authorization", await harness.decide("/orders/x", other)) == "Bearer token-2")
    }

    @Test func aRefusalIsOneOfTheRule() async throws {
        let (harness, browser) = try await signedIn()
        harness.provider.script.withLock { $0.exchangeError = "invalid_target" }
        for _ in 0..<3 {
            let decision = await harness.decide("/orders/x", browser)
            #expect(decision.rejection?.response.status == 403)
            #expect(decision.bodyText.contains("did not issue one"))
            #expect(decision.bodyText.contains("/_gatehouse/sign-in?rd="))
        }
        #expect(exchanges(harness).count == 1, "asked again after half a minute only")
        #expect(await harness.decide("/plain/x", browser).accepted != nil)
        harness.provider.script.withLock { $0.exchangeError = nil }
        harness.advance(30)
        #expect(await harness.decide("/orders/x", browser).accepted != nil)
    }

    @Test func aReplyThatDoesNotPassIsARefusal() async throws {
        let (harness, browser) = try await signedIn()
        harness.provider.script.withLock { $0.exchangeChanges["token_type"] = "DPoP" }
        #expect(await harness.decide("/orders/x", browser).rejection?.response.status == 403)
    }

    @Test func aProviderThatIsAwayLetsNobodyPass() async throws {
        let (harness, browser) = try await signedIn()
        harness.provider.script.withLock { $0.exchangeIsDown = true }
        for _ in 0..<3 {
            let rejection = try #require(await harness.decide("/orders/x", browser).rejection)
            #expect(rejection.response.status == 503 && rejection.response.headers.first("retry-after") == "5")
        }
        #expect(exchanges(harness).count == 1, "left alone for some seconds")
        harness.provider.script.withLock { $0.exchangeIsDown = false }
        harness.advance(5)
        #expect(await harness.decide("/orders/x", browser).accepted != nil)
    }

    @Test(arguments: ["authorization", "Authorization", "x-stock-token", "X_Stock_Token"])
    func noClientSendsOne(name: String) async throws {
        let (harness, browser) = try await signedIn()
        var forging = browser
        forging.headers.append((name: name, value: "Bearer forged"))
        for target in ["/orders/x", "/stock/x", "/plain/x", "/open/x"] {
            let accepted = try #require(await harness.decide(target, forging).accepted)
            let ours = accepted.headersToSet.map(\.name) + accepted.headersToRemove
            #expect(ours.contains(name.lowercased()), "\(target)")
            #expect(!accepted.headersToSet.contains { $0.value.contains("forged") })
        }
    }

    private func decideWhileRefreshing(_ harness: Harness, _ browser: Browser) async -> Decision {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await harness.lane.run() }
            let decision = await harness.decide("/orders/x", browser)
            harness.lane.close()
            return decision
        }
    }

    @Test func tokensThatAreDueAreRenewedFirst() async throws {
        let (harness, browser) = try await signedIn()
        harness.provider.script.withLock { $0.accessToken = "at-2" }
        harness.advance(480)
        #expect(header("authorization", await decideWhileRefreshing(harness, browser)) == "Bearer token-1")
        #expect(harness.provider.script.withLock { $0.exchanges.map(\.subject) } == ["at-2"])
    }

    @Test func whoLosesTheirGroupsWithThatIsNotLetIn() async throws {
        let harness = try Harness(parts: { parts, clock in
            var rule = Self.rule("/orders/", "orders")
            rule.permission = .members(users: [], groups: ["admins"])
            parts.rules = RuleSet([rule], clock: clock)
        })
        var browser = Browser()
        try await harness.signIn(&browser, target: "/page")
        harness.provider.script.withLock { $0.claims["groups"] = ["others"] }
        harness.advance(480)
        #expect(await decideWhileRefreshing(harness, browser).rejection?.response.status == 403)
    }

    @Test func aSessionWithoutAnAccessTokenIsRefused() async throws {
        let (harness, browser) = try await signedIn(cookieSessions: true)
        #expect(await harness.decide("/orders/x", browser).rejection?.response.status == 403)
        #expect(exchanges(harness).isEmpty)
    }
}
