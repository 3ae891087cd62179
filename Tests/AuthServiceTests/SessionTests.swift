import AuthService
import JOSE
import Synchronization
import Testing
import Web

struct SessionTests {
    private static let cookie = "__Host-gatehouse"

    @Test(arguments: [
        "", "x", "AAAA", String(repeating: "A", count: 43), String(repeating: "A", count: 100_000), "é",
    ])
    func aCookieThatIsNoneOfOursIsNobody(value: String) async throws {
        var browser = Browser()
        browser.cookies[Self.cookie] = value
        let away = try #require(try await Harness().decide("/page", browser).redirection)
        #expect(
            away.cookies.contains { $0.hasPrefix("\(Self.cookie)=;") && $0.contains("Max-Age=0") } || value.isEmpty
                || value.count > 65_000)
    }

    @Test func aCookieWithOneBitChangedIsNobody() async throws {
        let harness = try Harness()
        var browser = Browser()
        try await harness.signIn(&browser)
        let value = try #require(browser.cookies[Self.cookie])
        var bytes = try #require(Base64URL.decode(value))
        bytes[5] ^= 1
        browser.cookies[Self.cookie] = Base64URL.encode(bytes)
        #expect(await harness.decide("/page", browser).redirection != nil)
    }

    @Test func fiftyCookiesAreNobody() async throws {
        let harness = try Harness()
        var browser = Browser()
        try await harness.signIn(&browser)
        let value = try #require(browser.cookies[Self.cookie])
        browser.cookies = [:]
        browser.headers.append(
            (name: "cookie", value: Array(repeating: "\(Self.cookie)=\(value)", count: 50).joined(separator: "; ")))
        #expect(await harness.decide("/page", browser).redirection != nil)
    }

    @Test(arguments: ["other.example.net", "10.0.0.1"])
    func aSessionIsNobodysOnAnotherHost(authority: String) async throws {
        let harness = try Harness()
        var browser = Browser()
        try await harness.signIn(&browser)
        #expect(await harness.decide("/page", browser).accepted != nil)
        browser.authority = authority
        #expect(await harness.decide("/page", browser).redirection != nil)
    }

    @Test func anUnusedSessionEnds() async throws {
        let harness = try Harness()
        var browser = Browser()
        try await harness.signIn(&browser)
        harness.advance(3599)
        #expect(await harness.decide("/page", browser).accepted != nil)
        harness.advance(3600)
        #expect(await harness.decide("/page", browser).accepted == nil)
    }

    @Test func everySessionEndsAtTheEndOfItsLifetime() async throws {
        let harness = try Harness(lifetimes: SessionLifetimes(idle: 86400, lifetime: 86400))
        var browser = Browser()
        try await harness.signIn(&browser)
        harness.advance(86399)
        #expect(await harness.decide("/page", browser).accepted != nil)
        harness.advance(1)
        #expect(await harness.decide("/page", browser).accepted == nil)
    }

    @Test func aSessionInUseIsWrittenAtMostOnceAMinute() async throws {
        let harness = try Harness()
        var browser = Browser()
        try await harness.signIn(&browser)
        for _ in 0..<3 { _ = await harness.decide("/page", browser) }
        harness.advance(61)
        for _ in 0..<3 { #expect(await harness.decide("/page", browser).accepted != nil) }
        try await harness.sessions.writeUses()
        #expect(harness.store.touched.withLock { $0 } == 1)
        harness.advance(3590)
        #expect(await harness.decide("/page", browser).accepted != nil)
    }

    @Test func usesThatTheStoreDidNotTakeAreWrittenLater() async throws {
        let harness = try Harness()
        var browser = Browser()
        try await harness.signIn(&browser)
        _ = await harness.decide("/page", browser)
        harness.advance(60)
        _ = await harness.decide("/page", browser)
        harness.store.isDown.withLock { $0 = true }
        await #expect(throws: StoreFailure.self) { try await harness.sessions.writeUses() }
        harness.store.isDown.withLock { $0 = false }
        try await harness.sessions.writeUses()
        try await harness.sessions.writeUses()
        #expect(harness.store.touched.withLock { $0 } == 1)
    }

    @Test func whileChangesAreFollowedTheStoreIsNotAskedAgain() async throws {
        let harness = try Harness()
        var browser = Browser()
        try await harness.signIn(&browser)
        _ = await harness.decide("/page", browser)
        let position = try await harness.sessions.forgetChanges(since: 0)
        harness.advance(61)
        _ = try await harness.sessions.forgetChanges(since: position)
        harness.store.isDown.withLock { $0 = true }
        #expect(await harness.decide("/page", browser).accepted != nil)
        harness.advance(61)
        #expect(await harness.decide("/page", browser).rejection?.response.status == 503)
    }

    @Test func whereOthersMayEndSessionsASecondIsNoLongerThanThat() async throws {
        let harness = try Harness(lifeInMemory: 1)
        var browser = Browser()
        try await harness.signIn(&browser)
        #expect(await harness.decide("/page", browser).accepted != nil)
        _ = try await harness.sessions.forgetChanges(since: 0)
        harness.store.isDown.withLock { $0 = true }
        #expect(await harness.decide("/page", browser).accepted != nil)
        // By the clock of the day, which does not move here, it is still the same second.
        try await Task.sleep(for: .milliseconds(1050))
        #expect(await harness.decide("/page", browser).rejection?.response.status == 503)
        harness.store.isDown.withLock { $0 = false }
        _ = try await harness.sessions.forgetChanges(since: 0)
        #expect(await harness.decide("/page", browser).accepted != nil)
    }

    @Test func aUseThatIsNotWrittenYetCountsWhenTheStoreIsAskedAgain() async throws {
        let harness = try Harness(lifetimes: SessionLifetimes(idle: 600, lifetime: 86400))
        var browser = Browser()
        try await harness.signIn(&browser)
        _ = await harness.decide("/page", browser)
        for _ in 0..<3 {
            harness.advance(500)
            #expect(await harness.decide("/page", browser).accepted != nil)
        }
    }

    @Test func aSessionThatIsInUseElsewhereGoesOn() async throws {
        let harness = try Harness(lifetimes: SessionLifetimes(idle: 600, lifetime: 86400))
        var browser = Browser()
        try await harness.signIn(&browser)
        _ = await harness.decide("/page", browser)
        harness.advance(500)
        let session = try #require(await harness.store.list(.all, limit: 1).first)
        try await harness.store.touch([SessionUse(session.key, at: harness.now)])
        harness.advance(400)
        _ = try await harness.sessions.forgetChanges(since: 0)
        #expect(await harness.decide("/page", browser).accepted != nil)
    }

    @Test func aStoreThatIsAwayLetsNobodyIn() async throws {
        let harness = try Harness()
        var browser = Browser()
        try await harness.signIn(&browser)
        harness.advance(61)
        harness.store.isDown.withLock { $0 = true }
        #expect(await harness.decide("/page", browser).rejection?.response.status == 503)
        harness.store.isDown.withLock { $0 = false }
        harness.advance(15)
        #expect(await harness.decide("/page", browser).accepted != nil)
    }

    @Test func aSignInThatCannotBeStoredIsRefused() async throws {
        let harness = try Harness()
        var browser = Browser()
        let away = try #require(await harness.decide("/page", browser).redirection)
        browser.take(away.cookies)
        harness.store.isDown.withLock { $0 = true }
        let decision = await harness.decide(try harness.callback(for: away), browser)
        #expect(decision.rejection?.response.status == 503)
    }

    @Test func userinfoTellsWhoIsSignedIn() async throws {
        let harness = try Harness()
        var browser = Browser()
        #expect(await harness.decide("/_gatehouse/userinfo", browser).rejection?.response.status == 401)
        try await harness.signIn(&browser)
        let json = try JSONReader.read(Array(await harness.decide("/_gatehouse/userinfo", browser).bodyText.utf8))
        #expect(json.object?["email"] == "admin@example.com")
        #expect(json.object?["sub"] == "user-1")
    }
}
