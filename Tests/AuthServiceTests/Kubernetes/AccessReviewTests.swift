import Accounts
import AuthService
import JOSE
import RelyingParty
import Synchronization
import Testing
import Web

/// A rule that asks the cluster whether the person may get the notebooks of the namespace that the path names.
private struct ClusterSetup {
    let harness: Harness
    let cluster = ScriptedCluster()
    var browser = Browser()

    static let template = AccessTemplate.resource(
        .init(
            verb: RequestTemplate([.verb]), resource: RequestTemplate([.text("notebooks")]),
            namespace: RequestTemplate([.segment(2)])))

    init(
        _ membership: Membership = Membership(kubernetes: template), goesOn: Int64 = 0, cookieSessions: Bool = false
    ) async throws {
        let cluster = cluster
        harness = try Harness(
            cookieSessions: cookieSessions,
            parts: { parts, clock in
                var rule = Rule(paths: [.below(prefix: Array("/ns/".utf8))], permission: .members(membership))
                rule.knownSessionsGoOn = goesOn
                parts.rules = RuleSet([rule], clock: clock)
                parts.accessReviews = AccessReviews(
                    api: KubernetesAPI(server: "https://k.example", exchange: cluster), subjects: AccessSubjectMapping(),
                    lives: .init(allowed: 60, denied: 10), clock: clock)
            })
        try await harness.signIn(&browser, target: "/elsewhere")
    }

    func status(_ target: String, method: String = "GET") async -> Int {
        await harness.decide(target, browser, method: method).response?.status ?? 200
    }

    func allow(_ texts: String...) { cluster.script.withLock { $0.allowed = Set(texts.map { "admin@example.com " + $0 }) } }
}

struct AccessReviewTests {
    @Test func theClusterDecides() async throws {
        let setup = try await ClusterSetup()
        setup.allow("get notebooks a", "create notebooks b")
        #expect(await setup.status("/ns/a/x") == 200)
        #expect(await setup.status("/ns/b/x") == 403)
        #expect(await setup.status("/ns/b/x", method: "POST") == 200)
        #expect(await setup.status("/ns/a/x", method: "DELETE") == 403)
    }

    @Test func answersAreKeptForAWhile() async throws {
        let setup = try await ClusterSetup()
        setup.allow("get notebooks a")
        for _ in 0..<3 { #expect(await setup.status("/ns/a/x") == 200) }
        for _ in 0..<3 { #expect(await setup.status("/ns/b/x") == 403) }
        #expect(setup.cluster.asked.count == 2)
        setup.allow("get notebooks b")
        setup.harness.advance(9)
        #expect(await setup.status("/ns/b/x") == 403)
        setup.harness.advance(1)
        #expect(await setup.status("/ns/b/x") == 200)
        setup.harness.advance(49)
        #expect(await setup.status("/ns/a/x") == 200)
        setup.harness.advance(1)
        #expect(await setup.status("/ns/a/x") == 403)
    }

    @Test func whatIsKnownIsDecidedAtOnce() async throws {
        let setup = try await ClusterSetup()
        setup.allow("get notebooks a")
        // From here on the session is in memory.
        #expect(await setup.status("/elsewhere") == 200)
        let request = CheckRequest(http: setup.browser.request("/ns/a/x"), gatewayCarriesPages: true)
        guard case .pending = setup.harness.authorizer.decide(request) else {
            Issue.record("the first request has to wait for the answer")
            return
        }
        _ = await setup.status("/ns/a/x")
        guard case .decided(.accept) = setup.harness.authorizer.decide(request) else {
            Issue.record("the second has it")
            return
        }
    }

    /// An empty namespace would ask for all of them.
    @Test(arguments: ["/ns/", "/ns", "/ns/*", "/ns/a%20b", "/ns/a;b"])
    func whatTheRequestLacksIsNotAsked(target: String) async throws {
        let setup = try await ClusterSetup()
        setup.allow("get notebooks")
        #expect(await setup.status(target) == 403)
        #expect(setup.cluster.asked.isEmpty)
    }

    @Test func aMethodWithoutVerbIsNotAsked() async throws {
        let setup = try await ClusterSetup()
        #expect(await setup.status("/ns/a", method: "PROPFIND") == 403)
        #expect(setup.cluster.asked.isEmpty)
    }

    @Test func aServerThatIsAwayClosesTheGate() async throws {
        let setup = try await ClusterSetup()
        setup.allow("get notebooks a")
        setup.cluster.script.withLock { $0.isDown = true }
        let answer = try #require(await setup.harness.decide("/ns/a/x", setup.browser).response)
        #expect(answer.status == 503 && answer.headers.first("retry-after") != nil)
        setup.cluster.script.withLock { $0.isDown = false }
        #expect(await setup.status("/ns/a/x") == 200)
    }

    @Test func whomItAllowedLatelyGoOnWhereTheRuleSaysSo() async throws {
        let setup = try await ClusterSetup(goesOn: 600)
        setup.allow("get notebooks a")
        #expect(await setup.status("/ns/a/x") == 200)
        setup.cluster.script.withLock { $0.isDown = true }
        setup.harness.advance(599)
        #expect(await setup.status("/ns/a/x") == 200)
        #expect(await setup.status("/ns/b/x") == 503)
        setup.harness.advance(1)
        #expect(await setup.status("/ns/a/x") == 503)
    }

    @Test func equalQuestionsAreAskedOnce() async throws {
        let setup = try await ClusterSetup()
        setup.allow("get notebooks a")
        setup.cluster.script.withLock { $0.isHeld = true }
        let answers = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<20 { group.addTask { await setup.status("/ns/a/x") } }
            group.addTask {
                for _ in 0..<100 { await Task.yield() }
                setup.cluster.script.withLock { $0.isHeld = false }
                return 200
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.allSatisfy { $0 == 200 })
        #expect(setup.cluster.asked.count == 1)
    }

    @Test func whoeverIsKnownOtherwiseIsNotAskedAbout() async throws {
        let setup = try await ClusterSetup(Membership(groups: ["admins"], kubernetes: ClusterSetup.template))
        #expect(await setup.status("/ns/a/x") == 200)
        #expect(setup.cluster.asked.isEmpty)
    }

    /// The person is in `team-a` and `admins`.
    @Test(arguments: [(["admins"], 200, 1), (["others"], 403, 0)]) func bothMayBeNeeded(
        groups: [String], status: Int, asked: Int
    ) async throws {
        let both = Membership(all: [Membership(kubernetes: ClusterSetup.template), Membership(groups: groups)])
        let setup = try await ClusterSetup(both)
        setup.allow("get notebooks a")
        #expect(await setup.status("/ns/a/x") == status)
        #expect(setup.cluster.asked.count == asked)
    }

    @Test func severalQuestionsAreAskedInTurn() async throws {
        let write = AccessTemplate.resource(
            .init(
                verb: RequestTemplate([.text("update")]), resource: RequestTemplate([.text("notebooks")]),
                namespace: RequestTemplate([.segment(2)])))
        let both = Membership(all: [Membership(kubernetes: ClusterSetup.template), Membership(kubernetes: write)])
        let setup = try await ClusterSetup(both)
        setup.allow("get notebooks a", "update notebooks a", "get notebooks b")
        #expect(await setup.status("/ns/a/x") == 200)
        #expect(await setup.status("/ns/b/x") == 403)
        #expect(setup.cluster.asked.count == 4)
    }

    @Test func aRefusalSaysNothingOfTheCluster() async throws {
        let setup = try await ClusterSetup()
        let answer = await setup.harness.decide("/ns/a/x", setup.browser)
        #expect(answer.response?.status == 403 && !answer.bodyText.contains("notebooks"))
    }

    @Test func aCookieThatHoldsTheSessionIsRenewed() async throws {
        let setup = try await ClusterSetup(cookieSessions: true)
        setup.allow("get notebooks a")
        setup.harness.advance(120)
        #expect(await setup.harness.decide("/ns/a/x", setup.browser).accepted?.cookies.isEmpty == false)
    }
}
