import JOSE
import OpenIDProvider
import Storage
import Synchronization
import Testing
import Web

/// Signing out at the provider: asked for, by a client, and told to all others.
struct SSOSignOutTests {
    private static let target = "https://app.example.com/bye?x=1"
    private static let other = ["client_id": "other", "redirect_uri": "https://other.example.com/cb"]

    private func provider(frontChannel: Bool = false, _ sessions: SSOSettings = SSOSettings()) throws -> TestProvider {
        var clients = TestProvider.clients
        clients[0].backChannelLogoutURI = "https://app.example.com/bc"
        clients[1].backChannelLogoutURI = "https://other.example.com/bc"
        if frontChannel { clients[1].frontChannelLogoutURI = "https://other.example.com/fc?a=1" }
        return try TestProvider(sessions: sessions, clients: clients)
    }

    private func tokens(_ browser: SSOBrowser) async throws -> Tokens {
        try Tokens(await browser.provider.token(TestProvider.codeRequest(try await browser.signIn().code ?? "")))
    }

    @Test func aClientWithItsIDTokenSignsOutEverywhereAtOnce() async throws {
        let browser = SSOBrowser(try provider())
        let tokens = try await tokens(browser)
        #expect(await browser.authorize(Self.other).code != nil)
        let query: QueryString = ["id_token_hint": tokens.id, "post_logout_redirect_uri": Self.target, "state": "a b"]
        let response = await browser.get(query.appending(to: "/logout"))
        #expect(response.headers.first("location") == Self.target + "&state=a%20b")
        #expect(browser.cookies["__Secure-gatehouse_sso"] == nil)
        #expect(await browser.authorize(["prompt": "none"]).redirectedError == "login_required")
        #expect(await browser.provider.refresh(tokens.refresh ?? "").error == "invalid_grant")
    }

    @Test(arguments: ["/logout", "/logout?id_token_hint=x", "/logout?state=1&client_id=app"])
    func withoutAnIDTokenThePersonIsAsked(path: String) async throws {
        let browser = SSOBrowser(try provider())
        _ = try await browser.signIn()
        let page = await browser.get(path)
        #expect(page.status == 200 && page.text.contains("jane@example.com"))
        #expect(await browser.authorize().code != nil)
        #expect(try await browser.submit(page, [:]).text.contains("You are signed out"))
        #expect(await browser.authorize().isLoginPage)
    }

    @Test(arguments: [("app", target, true), ("app", "https://evil.example/", false), ("nobody", target, false)])
    func afterTheQuestionTheClientGetsTheBrowserBack(client: String, uri: String, isRegistered: Bool) async throws {
        let browser = SSOBrowser(try provider())
        _ = try await browser.signIn()
        let query: QueryString = ["client_id": client, "post_logout_redirect_uri": uri, "state": "s"]
        let response = try await browser.submit(await browser.get(query.appending(to: "/logout")), [:])
        #expect(response.headers.first("location") == (isRegistered ? uri + "&state=s" : nil))
        #expect(await browser.authorize().isLoginPage)
    }

    @Test(
        arguments: [["sec-fetch-site": "cross-site"], ["sec-fetch-site": "same-site"], ["origin": "https://evil.example"]]
            as [HeaderList])
    func theAnswerOfAnotherSiteEndsNothing(headers: HeaderList) async throws {
        let browser = SSOBrowser(try provider())
        _ = try await browser.signIn()
        #expect(try await browser.submit(await browser.get("/logout"), [:], headers: headers).status == 403)
        #expect(await browser.authorize().code != nil)
    }

    @Test func theQuestionOfAnotherBrowserIsNoAnswer() async throws {
        let provider = try provider()
        let attacker = SSOBrowser(provider)
        _ = try await attacker.signIn(as: "joe@example.com")
        let page = await attacker.get("/logout")
        let browser = SSOBrowser(provider)
        _ = try await browser.signIn()
        #expect(try await browser.submit(page, [:]).status == 403)
        #expect(await browser.authorize().code != nil)
    }

    @Test func theIDTokenOfAnotherEndsTheOthersSessionOnly() async throws {
        let provider = try provider()
        let attacker = SSOBrowser(provider)
        let joes = try Tokens(
            await provider.token(TestProvider.codeRequest(try await attacker.signIn(as: "joe@example.com").code ?? "")))
        let browser = SSOBrowser(provider)
        _ = try await browser.signIn()
        _ = await browser.get((["id_token_hint": joes.id] as QueryString).appending(to: "/logout"))
        #expect(await browser.authorize().code != nil)
        #expect(await attacker.authorize().isLoginPage)
    }

    @Test(arguments: [false, true])
    func whetherOfflineAccessOutlivesASignOutIsAPolicy(keeps: Bool) async throws {
        let browser = SSOBrowser(try provider(SSOSettings(keepsOfflineAccess: keeps)))
        let tokens = try await tokens(browser)
        _ = await browser.get((["id_token_hint": tokens.id] as QueryString).appending(to: "/logout"))
        #expect(await browser.provider.refresh(tokens.refresh ?? "").status == (keeps ? 200 : 400))
    }

    // What the clients are told.

    /// The clients' side of the notices.
    private final class Clients: Sendable {
        let received = Mutex<[(url: String, claims: JSONObject)]>([])
        let answer = Mutex(LogoutNotices.Outcome.answered(200))

        func take(_ url: String, _ form: String) -> LogoutNotices.Outcome {
            let token = FormFields(query: form)?.first("logout_token") ?? ""
            if let claims = try? JSONWebSignature(compact: token).claims { received.withLock { $0.append((url, claims)) } }
            return answer.withLock { $0 }
        }
    }

    private func signedOut(_ provider: TestProvider) async throws -> Tokens {
        let browser = SSOBrowser(provider)
        let tokens = try await tokens(browser)
        _ = await browser.authorize(Self.other)
        _ = await browser.get((["id_token_hint": tokens.id] as QueryString).appending(to: "/logout"))
        return tokens
    }

    @Test func everyClientThatTookPartIsTold() async throws {
        let provider = try provider()
        let idToken = try JSONWebSignature(compact: try await signedOut(provider).id).claims
        let clients = Clients()
        #expect(try await provider.provider.logoutNotices.send { clients.take($0, $1) } == 2)
        let received = clients.received.withLock { $0.sorted { $0.url < $1.url } }
        #expect(received.map(\.url) == ["https://app.example.com/bc", "https://other.example.com/bc"])
        for (notice, audience) in zip(received, ["app", "other"]) {
            let claims = notice.claims
            #expect(claims["iss"] == .string(TestProvider.issuer) && claims["aud"] == .string(audience))
            #expect(claims["sid"] == idToken["sid"] && claims["sub"] == idToken["sub"])
            #expect(claims["events"] == ["http://schemas.openid.net/event/backchannel-logout": [:]])
            #expect(claims["nonce"] == nil && claims["jti"]?.string?.isEmpty == false)
        }
        #expect(try await provider.provider.logoutNotices.send { clients.take($0, $1) } == 0)
    }

    @Test func whoDoesNotAnswerIsToldAgainWithGrowingPausesUntilItIsTooLate() async throws {
        let provider = try provider(SSOSettings(noticeLifetime: 86400))
        _ = try await signedOut(provider)
        let clients = Clients()
        clients.answer.withLock { $0 = .answered(503) }
        func send() async throws -> Int { try await provider.provider.logoutNotices.send { clients.take($0, $1) } }
        for pause in [1, 4, 16, 64, 256] as [Int64] {
            #expect(try await send() == 2)
            #expect(try await send() == 0)
            provider.clock.move(by: pause - 1)
            #expect(try await send() == 0)
            provider.clock.move(by: 1)
        }
        let ids = clients.received.withLock { Set($0.compactMap { $0.claims["jti"]?.string }) }
        #expect(ids.count == 10, "each attempt has a jti of its own")
        provider.clock.move(by: 86400)
        let before = clients.received.withLock(\.count)
        #expect(try await send() == 2)
        #expect(clients.received.withLock(\.count) == before)
        provider.clock.move(by: 86400)
        #expect(try await send() == 0)
    }

    @Test func clientsWithFramesAreLoadedOnTheWay() async throws {
        let provider = try provider(frontChannel: true)
        let browser = SSOBrowser(provider)
        let tokens = try await tokens(browser)
        _ = await browser.authorize(Self.other)
        let sid = try JSONWebSignature(compact: tokens.id).claims["sid"]?.string ?? ""
        let query: QueryString = ["id_token_hint": tokens.id, "post_logout_redirect_uri": Self.target]
        let page = await browser.get(query.appending(to: "/logout"))
        let issuer = PercentEncoding.encode(TestProvider.issuer)
        #expect(page.status == 200)
        #expect(page.text.contains("src=\"https://other.example.com/fc?a=1&amp;iss=\(issuer)&amp;sid=\(sid)\""))
        #expect(page.headers.first("refresh") == "4; url=\(Self.target)")
        #expect(page.headers.first("content-security-policy")?.contains("frame-src https://other.example.com;") == true)
        #expect(!page.text.contains("<script>"))
    }
}
