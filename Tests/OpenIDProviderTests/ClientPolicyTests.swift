import JOSE
import OpenIDConnect
import OpenIDProvider
import Storage
import Testing
import Web

/// Whom a client takes, at the authorization endpoint already; and how its other wishes go together with the browser's session.
struct ClientPolicyTests {
    private struct Elsewhere: PasswordConnector {
        let id = "elsewhere"
        let name: String? = "Elsewhere"
        func authenticate(login: String, password: Secret) async -> PasswordOutcome { .wrong }
        func refresh(_ user: ConnectorUser) async -> RefreshedUser { .gone }
    }

    private func browser(_ change: (inout Client) -> Void) throws -> SSOBrowser {
        var clients = TestProvider.clients
        change(&clients[0])
        return SSOBrowser(try TestProvider(others: [Elsewhere()], clients: clients))
    }

    // Groups and connectors.

    @Test(arguments: [(["admins"], nil), (["nobody", "team-a"], nil), (["nobody"], "access_denied"), ([], "access_denied")])
    func onlyMembersOfItsGroups(groups: [String], error: String?) async throws {
        let browser = try browser {
            $0.groups = groups
            $0.connectors = ["local"]
        }
        let answer = try await browser.signIn()
        #expect(answer.redirectedError == error)
        #expect((answer.code == nil) == (error != nil))
        // The same by the session, with nobody asked.
        #expect(await browser.authorize(["prompt": "none"]).redirectedError == error)
    }

    @Test func whoIsRefusedStaysSignedInForOthers() async throws {
        let browser = SSOBrowser(try TestProvider())
        #expect(try await browser.signIn(["client_id": "few"]).redirectedError == "access_denied")
        #expect(await browser.authorize().code != nil)
    }

    @Test func oneConnectorNeedsNoChoosing() async throws {
        #expect(try await browser { $0.connectors = ["local"] }.authorize().isLoginPage)
        #expect(try await browser { $0.connectors = nil }.authorize().text.contains("Elsewhere"))
    }

    @Test func theLoginPageOfAnotherConnectorIsNotThere() async throws {
        let browser = try browser { $0.connectors = ["local"] }
        let form = try TestProvider.form(in: await browser.authorize())
        let target = "/auth/elsewhere/login?request=\(form.fields["request"] ?? "")"
        #expect(await browser.get(target).status == 404)
        #expect(await browser.post("/auth/elsewhere/login", form.fields).status == 404)
    }

    @Test(arguments: ["/auth/elsewhere", "/auth?connector_id=elsewhere", "/auth/elsewhere?prompt=none"])
    func aConnectorThatTheClientDoesNotTakeIsRefused(path: String) async throws {
        let browser = try browser { $0.connectors = ["local"] }
        let parameters = QueryString(TestProvider.parameters.map { (name: $0.key, value: $0.value) }).encoded
        #expect(await browser.get(path + (path.contains("?") ? "&" : "?") + parameters).redirectedError == "access_denied")
    }

    @Test func theAccountOfAnotherConnectorDoesNotCount() async throws {
        let browser = try browser { $0.connectors = ["elsewhere"] }
        let other = ["client_id": "other", "redirect_uri": "https://other.example.com/cb"]
        #expect(try await browser.signIn(await browser.authorize(other, at: "/auth/local")).code != nil)
        #expect(await browser.authorize(["prompt": "none"]).redirectedError == "login_required")
        #expect(await browser.authorize().isLoginPage)
    }

    // Response modes.

    @Test(arguments: ["fragment", "form_post"])
    func theSessionAnswersInTheModeAskedFor(mode: String) async throws {
        let browser = SSOBrowser(try TestProvider())
        _ = try await browser.signIn()
        let answer = await browser.authorize(["response_mode": mode])
        let error = await browser.authorize(["response_mode": mode, "prompt": "none", "login_hint": "joe@example.com"])
        switch mode {
        case "fragment":
            #expect(answer.headers.first("location")?.hasPrefix(TestProvider.callback + "#code=") == true)
            #expect(error.headers.first("location")?.hasPrefix(TestProvider.callback + "#error=login_required&") == true)
        default:
            #expect(answer.status == 200 && answer.text.contains("name=\"code\""))
            #expect(error.text.contains("value=\"login_required\""))
        }
    }

    // Pushed requests and hints.

    private func pushed(_ provider: TestProvider, _ changes: [String: String]) async throws -> WebResponse {
        let parameters = TestProvider.parameters.merging(changes) { $1 }
        return await provider.post("/par", parameters, headers: TestProvider.basic("app", TestProvider.secret))
    }

    @Test func aPushedHintCounts() async throws {
        let provider = try TestProvider()
        let browser = SSOBrowser(provider)
        let token = try Tokens(await provider.token(TestProvider.codeRequest(try #require(try await browser.signIn().code)))).id
        let reply = try await pushed(provider, ["id_token_hint": token, "prompt": "none"])
        #expect(reply.status == 201)
        let reference = try reply.json()["request_uri"]?.string ?? ""
        let query = QueryString([("client_id", "app"), ("request_uri", reference)]).encoded
        #expect(await browser.get("/auth?" + query).code != nil)
        #expect(try await pushed(provider, ["id_token_hint": "x.y.z"]).error == "invalid_request")
    }

    @Test func theHintOfATokenForPeersIsItsClients() async throws {
        let provider = try TestProvider()
        let browser = SSOBrowser(provider)
        let changes = ["scope": "openid audience:server:client_id:peer"]
        let code = try #require(try await browser.signIn(changes).code)
        let token = try Tokens(await provider.token(TestProvider.codeRequest(code))).id
        #expect(try JSONWebSignature(compact: token).claims["aud"] == ["app", "peer"])
        #expect(await browser.authorize(["id_token_hint": token, "prompt": "none"]).code != nil)
        #expect(await browser.authorize(["id_token_hint": token, "client_id": "peer"]).redirectedError == "invalid_request")
        #expect(await browser.get("/logout?id_token_hint=" + token).status == 200)
        #expect(await browser.authorize(["prompt": "none"]).redirectedError == "login_required")
    }

    @Test func aHintOutlivesItsKey() async throws {
        let (store, clock) = (MemorySigningKeyStore(), TestClock())
        let keys = try await RotatingKeyring.load(
            purpose: "provider", algorithms: [.rs256, .es256],
            schedule: KeySchedule(rotateAfter: 86400, publishAhead: 3600, keepAfter: 604800), from: store,
            clock: WallClock { clock.now })
        let provider = try TestProvider(keys: keys, clock: clock)
        let browser = SSOBrowser(provider)
        let token = try Tokens(await provider.token(TestProvider.codeRequest(try #require(try await browser.signIn().code)))).id
        for _ in 0..<28 {
            clock.move(by: 6 * 3600)
            _ = try await keys.refresh()
            if clock.now.seconds < 1_800_000_000 + 604800 { #expect(await browser.authorize().code != nil) }
        }
        #expect(try keys.current.key(.rs256)?.id != JSONWebSignature(compact: token).keyID)
        #expect(try await browser.signIn(["id_token_hint": token]).code != nil, "after the seven days of a session")
    }

    // Refresh tokens without offline_access.

    @Test(arguments: [true, false])
    func refreshTokensOfASessionNeedOne(offline: Bool) async throws {
        var clients = TestProvider.clients
        clients[0].refreshesOnline = true
        clients[0].grantTypes = GrantType.usual.union([.password])
        let provider = try TestProvider(clients: clients)
        let request = [
            "grant_type": "password", "username": "jane@example.com", "password": "right",
            "scope": offline ? "openid offline_access" : "openid",
        ]
        let tokens = try Tokens(await provider.token(request))
        #expect((tokens.refresh != nil) == offline)
        if let refresh = tokens.refresh { #expect(await provider.refresh(refresh).status == 200) }
    }
}
