import AuthService
import Testing
import Web

/// Hosts that each have a redirect URI of their own.
struct PublicHostsTests {
    private func harness() throws -> Harness { try Harness(hosts: [.below(suffix: ".tenants.example.org")]) }

    @Test func aHostSignsInAtItself() async throws {
        let harness = try harness()
        var browser = Browser(authority: "a.tenants.example.org")
        let away = try #require(await harness.decide("/page", browser).redirection)
        #expect(away.location.contains("redirect_uri=https%3A%2F%2Fa.tenants.example.org%2F_gatehouse%2Fcallback"))
        browser.take(away.cookies)
        let back = try #require(await harness.decide(try harness.callback(for: away), browser).redirection)
        browser.take(back.cookies)
        #expect(back.location == "https://a.tenants.example.org/page")
        #expect(await harness.decide("/page", browser).accepted != nil)
        browser.authority = "b.tenants.example.org"
        #expect(await harness.decide("/page", browser).accepted == nil)
    }

    @Test(arguments: [
        "tenants.example.org", "a.tenants.example.org:8443", "eviltenants.example.org", "a.tenants.example.org.evil.com",
    ])
    func otherHostsSignInAtHome(host: String) async throws {
        let away = try #require(await harness().decide("/page", Browser(authority: host)).redirection)
        #expect(away.location.hasPrefix(Harness.home + "/_gatehouse/sign-in?rd="))
    }

    @Test(arguments: ["https://b.tenants.example.org/x", "https://evil.com/x", "//evil.com"])
    func aSignInEndsOnItsOwnHost(target: String) async throws {
        let harness = try harness()
        var browser = Browser(authority: "a.tenants.example.org")
        let start = "/_gatehouse/sign-in?" + QueryString([("rd", target)]).encoded
        #expect(try await harness.signIn(&browser, target: start) == "https://a.tenants.example.org/")
    }
}
