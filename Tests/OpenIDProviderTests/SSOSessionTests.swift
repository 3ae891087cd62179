import JOSE
import OpenIDProvider
import Testing
import Web

/// One session a browser, over all clients.
struct SSOSessionTests {
    private static let other = ["client_id": "other", "redirect_uri": "https://other.example.com/cb"]
    private static let cookie = "__Secure-gatehouse_sso"

    @Test func anotherClientNeedsNoPassword() async throws {
        let browser = SSOBrowser(try TestProvider())
        #expect(try await browser.signIn().code != nil)
        #expect(await browser.authorize(Self.other).code != nil)
        #expect(browser.provider.connector.callCount == 1)
    }

    @Test func theTokensOfAllClientsNameOneSession() async throws {
        let provider = try TestProvider()
        let browser = SSOBrowser(provider)
        let first = try await provider.idToken(try await browser.signIn())
        provider.clock.move(by: 600)
        let second = try await provider.idToken(await browser.authorize())
        for claim in ["sid", "sub", "auth_time", "amr", "acr"] { #expect(first[claim] == second[claim], "\(claim)") }
        #expect(first["acr"] == "pwd")
    }

    @Test func theCookieIsProtectedAndStaysAtTheIssuersPath() async throws {
        let provider = try TestProvider()
        let form = try await provider.signInForm()
        let cookies = await provider.submit(form).headers.all("set-cookie")
        let session = try #require(cookies.first { $0.hasPrefix(Self.cookie + "=") })
        for attribute in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/dex;"] { #expect(session.contains(attribute)) }
        #expect(!session.contains("Domain") && !session.contains("Max-Age"))
        let value = String(session.dropFirst(Self.cookie.count + 1).prefix { $0 != ";" })
        #expect(Base64URL.decode(value)?.count == 32)
    }

    @Test(arguments: [(SSOSettings.Remember.ask, true), (.ask, false), (.always, false), (.never, true)])
    func theBrowserKeepsItWhereItIsToldTo(remember: SSOSettings.Remember, isTicked: Bool) async throws {
        let provider = try TestProvider(sessions: SSOSettings(remember: remember))
        var form = try await provider.signInForm()
        if isTicked { form.fields["remember"] = "1" }
        let cookie = await provider.submit(form).headers.all("set-cookie").first { $0.hasPrefix(Self.cookie) } ?? ""
        #expect(cookie.contains("Max-Age=604800") == (remember == .always || (remember == .ask && isTicked)))
        let page = await SSOBrowser(provider).authorize()
        #expect(page.text.contains("name=\"remember\"") == (remember == .ask))
    }

    @Test func everySignInHasANewIdAndTheOldOneLeadsNowhere() async throws {
        let browser = SSOBrowser(try TestProvider())
        _ = try await browser.signIn()
        let old = browser.cookies
        _ = try await browser.signIn(["prompt": "login"])
        #expect(browser.cookies[Self.cookie] != old[Self.cookie])
        browser.plant(old)
        #expect(await browser.authorize().isLoginPage)
    }

    @Test func aPlantedSessionIsOfNoUseAndIsNotTakenOver() async throws {
        let provider = try TestProvider()
        let attacker = SSOBrowser(provider)
        _ = try await attacker.signIn(as: "joe@example.com")
        let victim = SSOBrowser(provider)
        victim.plant([Self.cookie: attacker.cookies[Self.cookie] ?? ""])
        let page = await victim.authorize()
        #expect(page.isLoginPage)
        #expect(try await victim.signIn(page).code != nil)
        #expect(await victim.authorize().code != nil)
        // The attacker's own session goes on, without the victim in it.
        #expect(try await provider.idToken(await attacker.authorize())["email"] == "joe@example.com")
    }

    @Test func theCookieAloneIsOfNoUse() async throws {
        let browser = SSOBrowser(try TestProvider())
        _ = try await browser.signIn()
        browser.forget("__Host-gatehouse_login")
        #expect(await browser.authorize().isLoginPage)
    }

    @Test(arguments: [("idle", 43200, 0), ("lifetime", 40000, 604_800)] as [(String, Int64, Int64)])
    func itEnds(kind: String, step: Int64, total: Int64) async throws {
        let provider = try TestProvider()
        let browser = SSOBrowser(provider)
        _ = try await browser.signIn()
        var passed: Int64 = 0
        while passed + step < total {
            provider.clock.move(by: step)
            passed += step
            #expect(await browser.authorize().code != nil)
        }
        provider.clock.move(by: max(step, total - passed))
        #expect(await browser.authorize().isLoginPage)
    }

    @Test func whoeverWasDisabledIsSignedOut() async throws {
        let provider = try TestProvider()
        let browser = SSOBrowser(provider)
        let tokens = try Tokens(await provider.token(TestProvider.codeRequest(try await browser.signIn().code ?? "")))
        provider.connector.set(.disabled)
        #expect(await browser.authorize().isLoginPage)
        #expect(await provider.refresh(tokens.refresh ?? "").error == "invalid_grant")
    }

    @Test func aConnectorThatIsAwayGivesNoCode() async throws {
        let provider = try TestProvider()
        let browser = SSOBrowser(provider)
        _ = try await browser.signIn()
        provider.connector.set(.failing)
        #expect(await browser.authorize().status == 503)
        #expect(await browser.authorize(["prompt": "none"]).redirectedError == "temporarily_unavailable")
    }

    @Test func aLoginPageThatIsOpenGoesOnWithTheSession() async throws {
        let provider = try TestProvider()
        let browser = SSOBrowser(provider)
        let tabs = [await browser.authorize(["state": "1"]), await browser.authorize(["state": "2"])]
        #expect(try await browser.signIn(tabs[0]).code != nil)
        // What the page's script does: it asks with the request that it was shown for.
        let form = try TestProvider.form(in: tabs[1])
        let again = await browser.get(
            QueryString([("request", form.fields["request"] ?? "")]).appending(to: form.action))
        #expect(again.code != nil)
        #expect(again.headers.first("location")?.contains("state=2") == true)
    }

    @Test func refreshTokensWithoutOfflineAccessEndWithTheSession() async throws {
        var clients = TestProvider.clients
        clients[0].refreshesOnline = true
        let provider = try TestProvider(clients: clients)
        let browser = SSOBrowser(provider)
        let code = try await browser.signIn(["scope": "openid"]).code ?? ""
        let tokens = try Tokens(await provider.token(TestProvider.codeRequest(code)))
        let renewed = await provider.refresh(tokens.refresh ?? "")
        #expect(renewed.status == 200)
        provider.clock.move(by: 43200)
        let refresh = try renewed.json()["refresh_token"]?.string ?? ""
        #expect(await provider.refresh(refresh).error == "invalid_grant")
    }

    @Test func withoutOfflineAccessThereIsNoRefreshTokenOtherwise() async throws {
        let provider = try TestProvider()
        let code = try await SSOBrowser(provider).signIn(["scope": "openid"]).code ?? ""
        #expect(try Tokens(await provider.token(TestProvider.codeRequest(code))).refresh == nil)
    }
}
