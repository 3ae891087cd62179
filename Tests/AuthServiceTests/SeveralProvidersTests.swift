import AuthService
import JOSE
import RelyingParty
import Synchronization
import Testing
import Web

struct SeveralProvidersTests {
    @Test func peopleChoose() async throws {
        let two = try TwoProviders()
        let asked = try #require(await two.harness.decide("/page?x=1").redirection)
        #expect(asked.location.hasPrefix(Harness.home + "/_gatehouse/sign-in?rd=") && asked.cookies.isEmpty)
        let page = try #require(await two.harness.decide(String(asked.location.dropFirst(Harness.home.count))).page)
        let text = String(decoding: page.body, as: UTF8.self)
        #expect(page.status == 200 && text.contains("provider=corp") && text.contains("provider=partner"))
        #expect(text.contains("Partner &lt;b&gt;") && text.contains("rd=https%3A%2F%2Fapp.example.com%2Fpage%3Fx%3D1"))
        #expect(page.headers.first("content-security-policy")?.contains("script-src 'self'") == true)
        #expect(two.partner.script.withLock { $0.tokenRequests } == 0)
    }

    @Test(arguments: [("corp", ScriptedProvider.issuer), ("partner", TwoProviders.partnerIssuer)])
    func theQueryNamesAProvider(id: String, issuer: String) async throws {
        let two = try TwoProviders()
        var browser = Browser()
        let away = try await two.away(to: id, &browser)
        #expect(away.location.hasPrefix(issuer + "/auth?"))
        let provider = id == "corp" ? two.harness.provider : two.partner
        let back = try #require(
            await two.harness.decide(try two.harness.callback(for: away, from: provider), browser).redirection)
        browser.take(back.cookies)
        #expect(back.location == Harness.home + "/page")
        #expect(await two.harness.decide("/page", browser).accepted != nil)
    }

    @Test(arguments: ["nobody", "", "corp%00", "../corp"]) func anUnknownProviderIsAsked(id: String) async throws {
        let two = try TwoProviders()
        #expect(await two.harness.decide("/_gatehouse/sign-in?rd=/page&provider=\(id)").page?.status == 200)
    }

    @Test(arguments: [("app.example.com", ScriptedProvider.issuer), ("other.example.net", TwoProviders.partnerIssuer)])
    func theHostNamesAProvider(host: String, issuer: String) async throws {
        let two = try TwoProviders(partnerHosts: [.exact("other.example.net")])
        let away = try #require(await two.harness.decide("/page", Browser(authority: host)).redirection)
        #expect(away.location.hasPrefix(issuer + "/auth?"))
    }

    /// RFC 9207: the reply of one provider does not count as another's.
    @Test func aReplyWithAnothersIssuerIsRefused() async throws {
        let two = try TwoProviders()
        var browser = Browser()
        let away = try await two.away(to: "corp", &browser)
        let callback = try two.harness.callback(for: away, more: [("iss", TwoProviders.partnerIssuer)])
        #expect(await two.harness.decide(callback, browser).rejection?.response.status == 400)
        #expect(two.harness.store.created.withLock { $0 } == 0)
        #expect(two.harness.provider.script.withLock { $0.tokenRequests } == 0)
    }

    @Test func aReplyWithoutThePromisedIssuerIsRefused() async throws {
        let two = try TwoProviders()
        two.harness.provider.script.withLock { $0.metadata["authorization_response_iss_parameter_supported"] = true }
        var browser = Browser()
        let away = try await two.away(to: "corp", &browser)
        #expect(await two.harness.decide(try two.harness.callback(for: away), browser).rejection?.response.status == 400)
        #expect(two.harness.provider.script.withLock { $0.tokenRequests } == 0)
    }

    /// RFC 9700 §4.4.2.2, for providers that send no `iss`.
    @Test func aReplyAtAnothersCallbackIsRefused() async throws {
        let two = try TwoProviders(ownCallbacks: true)
        var browser = Browser()
        let away = try await two.away(to: "corp", &browser)
        let callback = try two.harness.callback(for: away)
        #expect(callback.hasPrefix("/_gatehouse/callback/corp?"))
        for path in ["callback/partner", "callback", "callback/", "callback/corp/"] {
            let elsewhere = callback.replacing("callback/corp", with: path)
            #expect(await two.harness.decide(elsewhere, browser).rejection?.response.status == 400)
        }
        #expect(two.harness.provider.script.withLock { $0.tokenRequests } == 0)
        #expect(await two.harness.decide(callback, browser).redirection?.location == Harness.home + "/page")
    }

    @Test func aRuleCanNameAProvider() async throws {
        let two = try TwoProviders()
        // What rules call: the demand goes through the page to the provider.
        let demand = "provider=partner&max_age=60&acr_values=mfa&prompt=login&login_hint=ada"
        let away = try #require(await two.harness.decide("/_gatehouse/sign-in?rd=/page&\(demand)").redirection)
        let fields = try #require(FormFields(query: away.location.drop { $0 != "?" }.dropFirst()))
        #expect(away.location.hasPrefix(TwoProviders.partnerIssuer))
        #expect(fields.all("max_age") == ["60"] && fields.all("acr_values") == ["mfa"])
        #expect(fields.all("prompt") == ["login"] && fields.all("login_hint") == ["ada"])
    }

    @Test(arguments: ["max_age=-1", "max_age=x", "max_age=99999999999", "prompt=none", "prompt=evil", "acr_values=%22"])
    func whatCannotBeMeantIsNotAsked(query: String) async throws {
        let two = try TwoProviders()
        let away = try #require(await two.harness.decide("/_gatehouse/sign-in?provider=corp&\(query)").redirection)
        #expect(!away.location.contains("max_age") && !away.location.contains("prompt=") && !away.location.contains("acr_values"))
    }
}
