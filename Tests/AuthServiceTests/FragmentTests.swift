import AuthService
import Testing
import Web

/// What stands behind the `#` never reaches a server: a page of ours takes it along.
struct FragmentTests {
    private func harness() throws -> Harness { try Harness(parts: { parts, _ in parts.keepsFragment = true }) }

    @Test func aPageStandsBeforeTheProvider() async throws {
        let harness = try harness()
        let asked = try #require(await harness.decide("/page").redirection)
        #expect(asked.location.hasPrefix(Harness.home + "/_gatehouse/sign-in?rd=") && asked.cookies.isEmpty)
        let page = await harness.decide(String(asked.location.dropFirst(Harness.home.count)))
        #expect(page.page?.status == 200 && page.bodyText.contains("data-goes-on") && page.bodyText.contains("provider=corp"))
    }

    @Test func theLinkOfThePageEndsAtTheFragment() async throws {
        let harness = try harness()
        var browser = Browser()
        let link = "/_gatehouse/sign-in?" + QueryString([("rd", Harness.home + "/page#/part?x"), ("provider", "corp")]).encoded
        #expect(try await harness.signIn(&browser, target: link) == Harness.home + "/page#/part?x")
    }

    @Test func withoutTheOptionThereIsNoPage() async throws {
        let away = try #require(await Harness().decide("/page").redirection)
        #expect(away.location.hasPrefix(ScriptedProvider.issuer))
    }
}
