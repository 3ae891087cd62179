import JOSE
import OpenIDProvider
import Testing
import Web

/// Pushed requests (RFC 9126), request objects (RFC 9101), and the ways of the answer.
struct PushedRequestTests {
    private func push(
        _ provider: TestProvider, _ changes: [String: String?] = [:],
        as client: HeaderList = TestProvider.basic("app", TestProvider.secret)
    ) async -> WebResponse {
        var parameters = TestProvider.parameters
        for (name, value) in changes { parameters[name] = value }
        return await provider.post("/par", parameters, headers: client)
    }

    @Test func aPushedRequestLeadsToTheSignInOnce() async throws {
        let provider = try TestProvider()
        let response = await push(provider)
        #expect(response.status == 201 && response.headers.first("cache-control") == "no-store")
        let reply = try response.json()
        #expect(reply["expires_in"] == 90)
        let query = ["client_id": "app", "request_uri": reply["request_uri"]?.string ?? ""]
        let code = try TestProvider.redirectFields(await provider.submit(try await provider.signInForm(query)))["code"] ?? ""
        #expect(try Tokens(await provider.token(TestProvider.codeRequest(code))).scope?.contains("groups") == true)
        #expect(await provider.get("/auth", query).status == 400, "used")
    }

    @Test func itExpiresAndIsItsClients() async throws {
        let provider = try TestProvider()
        for client in ["other", "app"] {
            let reference = try await push(provider).json()["request_uri"]?.string ?? ""
            if client == "app" { provider.clock.move(by: 90) }
            let response = await provider.get("/auth", ["client_id": client, "request_uri": reference])
            #expect(response.status == 400 && response.headers.first("location") == nil)
        }
    }

    @Test(
        arguments: [
            (["redirect_uri": "https://evil.example/"], "invalid_request"),
            (["response_type": "token"], "unsupported_response_type"),
            (["scope": "email"], "invalid_scope"), (["request_uri": "urn:ietf:params:oauth:request_uri:x"], "invalid_request"),
            (["code_challenge_method": "plain"], "invalid_request"), (["request": "x"], "request_not_supported"),
            (["client_id": "other"], "invalid_request"),
        ] as [([String: String?], String)])
    func whatWouldBeRefusedLaterIsRefusedAtOnce(change: [String: String?], error: String) async throws {
        let response = await push(try TestProvider(), change)
        #expect(response.status == 400)
        #expect(response.error == error)
    }

    @Test func onlyProvenClientsPush() async throws {
        let response = await push(try TestProvider(), as: TestProvider.basic("app", "wrong"))
        #expect(response.status == 401)
    }

    @Test func whoHasToPushIsRefusedOtherwise() async throws {
        let provider = try TestProvider()
        var parameters = TestProvider.parameters
        parameters["client_id"] = "pusher"
        #expect(try TestProvider.redirectFields(await provider.get("/auth", parameters))["error"] == "invalid_request")
        let response = await push(provider, ["client_id": nil], as: TestProvider.basic("pusher", "pushed"))
        let reference = try response.json()["request_uri"]?.string ?? ""
        #expect(await provider.get("/auth", ["client_id": "pusher", "request_uri": reference]).status == 303)
    }

    // Request objects.

    private func object(
        _ provider: TestProvider, client: String = "strict", key: SigningKey = TestKeys.right,
        _ changes: [String: JSONValue?] = [:], type: String = "oauth-authz-req+jwt"
    ) throws -> String {
        var claims = JSONObject([
            ("iss", .string(client)), ("aud", .string(TestProvider.issuer)),
            ("exp", .integer(provider.clock.now.adding(60).seconds)),
        ])
        for (name, value) in TestProvider.parameters { claims[name] = .string(value) }
        claims["client_id"] = .string(client)
        claims["max_age"] = 600
        for (name, value) in changes { claims[name] = value }
        return try JSONWebSignature.sign(claims, type: type, with: key)
    }

    @Test func aSignedRequestLeadsToTheSignIn() async throws {
        let provider = try TestProvider()
        // What stands beside the object does not count.
        let query = [
            "client_id": "strict", "scope": "openid", "response_type": "code", "redirect_uri": "https://evil.example/",
            "request": try object(provider),
        ]
        let target = await provider.submit(try await provider.signInForm(query)).headers.first("location")
        #expect(target?.hasPrefix(TestProvider.callback + "?code=") == true)
    }

    @Test(
        arguments: [
            ["iss": "app"], ["aud": "https://else.example.com"], ["client_id": "app"], ["client_id": nil], ["exp": 1_799_999_900],
            ["exp": 1_800_009_999], ["nbf": 1_800_000_100], ["request": "x"], ["request_uri": "x"], ["scope": ["openid"]],
        ] as [[String: JSONValue?]])
    func aBadObjectIsRefused(change: [String: JSONValue?]) async throws {
        let provider = try TestProvider()
        let query = ["client_id": "strict", "redirect_uri": TestProvider.callback, "request": try object(provider, change)]
        #expect(try TestProvider.redirectFields(await provider.get("/auth", query))["error"] == "invalid_request_object")
    }

    @Test func keysAndTypesOfOthersDoNotCount() async throws {
        let provider = try TestProvider()
        let none = "eyJhbGciOiJub25lIn0." + Base64URL.encode(Array("{\"client_id\":\"strict\"}".utf8)) + "."
        for object in [
            try object(provider, key: TestKeys.foreign), try object(provider, type: "at+jwt"), none, "a.b.c", "x",
        ] {
            let query = ["client_id": "strict", "redirect_uri": TestProvider.callback, "request": object]
            #expect(try TestProvider.redirectFields(await provider.get("/auth", query))["error"] == "invalid_request_object")
            let unknown = await provider.get("/auth", ["client_id": "strict", "request": object])
            #expect(unknown.status == 400 && unknown.headers.first("location") == nil)
        }
    }

    @Test func whoHasToSignIsRefusedOtherwise() async throws {
        let provider = try TestProvider()
        var parameters = TestProvider.parameters
        parameters["client_id"] = "strict"
        #expect(try TestProvider.redirectFields(await provider.get("/auth", parameters))["error"] == "invalid_request")
        let strict = TestProvider.basic("strict", "strict")
        #expect(await push(provider, ["client_id": nil], as: strict).error == "invalid_request")
        let pushed = await provider.post("/par", ["request": try object(provider)], headers: strict)
        #expect(pushed.status == 201)
        let reference = try pushed.json()["request_uri"]?.string ?? ""
        #expect(await provider.get("/auth", ["client_id": "strict", "request_uri": reference]).status == 303)
    }

    @Test func bothWaysAtOnceAreRefused() async throws {
        let query = ["client_id": "strict", "request": "x", "request_uri": "y"]
        #expect(try await TestProvider().get("/auth", query).status == 400)
    }

    // Response modes.

    private func answer(_ provider: TestProvider, mode: String) async throws -> WebResponse {
        var parameters = TestProvider.parameters
        parameters["response_mode"] = mode
        return await provider.submit(try await provider.signInForm(parameters))
    }

    @Test func inTheFragment() async throws {
        let target = try await answer(try TestProvider(), mode: "fragment").headers.first("location") ?? ""
        #expect(target.hasPrefix(TestProvider.callback + "#code=") && target.contains("&state=st%26te&iss="))
    }

    @Test func byAForm() async throws {
        let provider = try TestProvider()
        let page = try await answer(provider, mode: "form_post")
        #expect(page.status == 200 && page.headers.first("cache-control") == "no-store")
        #expect(page.text.contains("<form method=\"post\" action=\"\(TestProvider.callback)\""))
        #expect(page.text.contains("name=\"state\" value=\"st&amp;te\""))
        #expect(page.text.contains("name=\"iss\" value=\"\(TestProvider.issuer)\""))
        #expect(page.headers.first("content-security-policy")?.contains("form-action 'self' https://app.example.com") == true)
        let script = try #require(page.text.firstMatch(of: /src="\/dex(\/assets\/form-post[^"]+)"/))
        #expect(await provider.get(String(script.output.1)).status == 200)
        let code = try #require(page.text.firstMatch(of: /name="code" value="([^"]+)"/))
        #expect(await provider.token(TestProvider.codeRequest(String(code.output.1))).status == 200)
    }

    @Test(arguments: ["fragment", "form_post"])
    func refusalsTakeTheSameWay(mode: String) async throws {
        var parameters = TestProvider.parameters
        parameters["response_mode"] = mode
        parameters["scope"] = "email"
        let response = try await TestProvider().get("/auth", parameters)
        let told = mode == "fragment" ? response.headers.first("location") ?? "" : response.text
        #expect(told.contains("invalid_scope") && response.status == (mode == "fragment" ? 303 : 200))
    }
}
