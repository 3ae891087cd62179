import AuthService
import JOSE
import RelyingParty
import Synchronization
import Testing
import Web

/// How a session's tokens are renewed while it is in use.
struct RefreshTests {
    /// Tokens of 600 seconds are due after 480.
    private func signedIn() async throws -> (Harness, Browser) {
        let harness = try Harness()
        var browser = Browser()
        try await harness.signIn(&browser)
        harness.provider.script.withLock { $0.tokenRequests = 0 }
        return (harness, browser)
    }

    private func groups(_ decision: Decision) -> String? {
        decision.accepted?.headersToSet.first { $0.name == "kubeflow-groups" }?.value
    }

    @Test func nothingIsRefreshedBeforeItIsDue() async throws {
        let (harness, browser) = try await signedIn()
        harness.advance(479)
        #expect(await harness.decide("/page", browser).accepted != nil)
        await harness.settle()
        #expect(harness.provider.script.withLock { $0.tokenRequests } == 0)
    }

    @Test func fiftyRequestsRefreshOnceAndNoneWaits() async throws {
        let (harness, browser) = try await signedIn()
        harness.advance(480)
        harness.provider.script.withLock { $0.claims["groups"] = ["admins", "new"] }
        for _ in 0..<50 { #expect(groups(await harness.decide("/page", browser)) == "admins,team-a") }
        await harness.settle()
        #expect(harness.provider.script.withLock { $0.tokenRequests } == 1)
        #expect(groups(await harness.decide("/page", browser)) == "admins,new")
    }

    @Test func aRefusedRefreshEndsTheSession() async throws {
        let (harness, browser) = try await signedIn()
        harness.advance(480)
        harness.provider.script.withLock { $0.refusesCode = true }
        #expect(await harness.decide("/page", browser).accepted != nil)
        await harness.settle()
        #expect(await harness.decide("/page", browser).accepted == nil)
        #expect(try await harness.store.list(.all, limit: 10).isEmpty)
    }

    @Test func anotherPersonInTheNewIDTokenEndsTheSession() async throws {
        let (harness, browser) = try await signedIn()
        harness.advance(480)
        harness.provider.script.withLock { $0.claims["sub"] = "user-2" }
        _ = await harness.decide("/page", browser)
        await harness.settle()
        #expect(await harness.decide("/page", browser).accepted == nil)
    }

    @Test func whoIsNoLongerAdmittedIsSignedOut() async throws {
        let harness = try Harness(admission: SignInAdmission(groups: ["team-a"]))
        var browser = Browser()
        try await harness.signIn(&browser)
        harness.advance(480)
        harness.provider.script.withLock { $0.claims["groups"] = ["admins"] }
        #expect(await harness.decide("/page", browser).accepted != nil)
        await harness.settle()
        #expect(await harness.decide("/page", browser).accepted == nil)
    }

    @Test func aProviderThatIsAwayEndsNothingBeforeTheGrace() async throws {
        let (harness, browser) = try await signedIn()
        harness.advance(480)
        harness.provider.script.withLock { $0.isDown = true }
        _ = await harness.decide("/page", browser)
        await harness.settle()
        #expect(await harness.decide("/page", browser).accepted != nil)
        let stored = try #require(try await harness.store.list(.all, limit: 1).first)
        #expect(stored.refresh.failingSince != nil)
        #expect(stored.refreshToken?.text == "rt")
    }

    @Test func aProviderThatIsAwayLongerThanTheGraceEndsTheSession() async throws {
        let (harness, browser) = try await signedIn()
        harness.advance(480)
        harness.provider.script.withLock { $0.isDown = true }
        // Fails now, and again when the grace (900 s) is over.
        var failing = try #require(try await harness.store.list(.all, limit: 1).first)
        failing.version += 1
        failing.refresh.failingSince = failing.createdAt.adding(-500)
        #expect(try await harness.store.replace(failing))
        _ = await harness.decide("/page", browser)
        await harness.settle()
        #expect(await harness.decide("/page", browser).accepted == nil)
    }

    @Test func aRefreshOfAnotherReplicaIsTakenOver() async throws {
        let (harness, browser) = try await signedIn()
        harness.advance(480)
        var other = try #require(try await harness.store.list(.all, limit: 1).first)
        other.version += 1
        other.refresh = RefreshState(dueAt: other.createdAt.adding(2000))
        #expect(try await harness.store.replace(other))
        _ = await harness.decide("/page", browser)
        await harness.settle()
        #expect(harness.provider.script.withLock { $0.tokenRequests } == 0)
    }
}
