import AuthService
import Testing
import Web

/// Whether browsers keep the session when they are closed: as the configuration says, or the person, or the application.
struct RememberTests {
    private func harness(_ remembering: SessionRemembering, cookieSessions: Bool = false) throws -> Harness {
        try Harness(
            cookieSessions: cookieSessions,
            lifetimes: SessionLifetimes(idle: 3600, lifetime: 86400, remembering: remembering))
    }

    /// The session cookie that a sign-in by this query gives.
    private func cookie(_ harness: Harness, _ query: String) async throws -> String {
        var browser = Browser()
        let away = try #require(await harness.decide("/_gatehouse/sign-in?rd=/page\(query)", browser).redirection)
        browser.take(away.cookies)
        let back = try #require(await harness.decide(try harness.callback(for: away), browser).redirection)
        return try #require(back.cookies.first { $0.hasPrefix("__Host-gatehouse=") })
    }

    @Test(
        arguments: [
            (.always, "", true), (.always, "&remember=1", true), (.always, "&remember=0", false), (.never, "", false),
            (.never, "&remember=1", false), (.asked, "&remember=1", true), (.asked, "&remember=0", false),
        ] as [(SessionRemembering, String, Bool)], [false, true])
    func theCookieIsKeptOrNot(_ entry: (SessionRemembering, String, Bool), cookieSessions: Bool) async throws {
        let harness = try harness(entry.0, cookieSessions: cookieSessions)
        #expect(try await cookie(harness, entry.1).contains("Max-Age=86400") == entry.2)
    }

    @Test func peopleAreAskedOnOurPage() async throws {
        let harness = try harness(.asked)
        let away = try #require(await harness.decide("/page?x=1").redirection)
        #expect(away.location.hasPrefix("https://app.example.com/_gatehouse/sign-in?rd="))
        let target = String(away.location.dropFirst("https://app.example.com".count))
        let page = try #require(await harness.decide(target).page)
        let text = String(decoding: page.body, as: UTF8.self)
        #expect(text.contains("<input type=\"checkbox\" id=\"remember\">"))
        #expect(text.contains("remember=0") && text.contains("remember=1"))
        #expect(!text.contains("data-goes-on"))
    }

    @Test func whatSomebodyHasChosenOutlivesASignInThatBeginsAgain() async throws {
        let harness = try harness(.asked)
        let browser = Browser()
        let away = try #require(await harness.decide("/_gatehouse/sign-in?rd=/page&remember=1", browser).redirection)
        // Its cookie is lost on the way.
        let again = try #require(await harness.decide(try harness.callback(for: away), browser).redirection)
        var second = Browser()
        second.take(again.cookies)
        let back = try #require(await harness.decide(try harness.callback(for: again), second).redirection)
        #expect(back.cookies.contains { $0.hasPrefix("__Host-gatehouse=") && $0.contains("Max-Age=86400") })
    }
}
