import JOSE
import OpenIDConnect
import Testing
import Web

/// Cases of `/token` with an authorization code.
struct TokenTests {
    @Test(
        arguments: [
            (["code": "unknown"], "invalid_grant"), (["code": nil], "invalid_request"),
            (["redirect_uri": "https://app.example.com/callback/"], "invalid_grant"), (["redirect_uri": nil], "invalid_grant"),
            (["code_verifier": nil], "invalid_grant"), (["code_verifier": "short"], "invalid_grant"),
            (["code_verifier": String(repeating: "w", count: 43)], "invalid_grant"),
            (["grant_type": nil], "invalid_request"), (["grant_type": "password"], "unauthorized_client"),
            (["grant_type": "client_credentials"], "unauthorized_client"), (["grant_type": "magic"], "unsupported_grant_type"),
        ] as [([String: String?], String)])
    func oneThingWrong(change: [String: String?], error: String) async throws {
        let provider = try TestProvider()
        let code = try await provider.code()
        let response = await provider.token(TestProvider.codeRequest(code, change))
        #expect(response.status == 400)
        #expect(response.error == error)
        #expect(response.headers.first("cache-control") == "no-store")
        #expect(response.headers.first("content-type") == "application/json")
        // The code is still the client's to use.
        #expect(await provider.token(TestProvider.codeRequest(code)).status == 200)
    }

    @Test func aCodeWorksOnceAndItsSecondUseEndsWhatTheFirstGave() async throws {
        let provider = try TestProvider()
        let code = try await provider.code()
        let tokens = try Tokens(await provider.token(TestProvider.codeRequest(code)))
        #expect(await provider.get("/userinfo", headers: tokens.bearer).status == 200)
        let second = await provider.token(TestProvider.codeRequest(code))
        #expect(second.error == "invalid_grant")
        #expect(await provider.get("/userinfo", headers: tokens.bearer).status == 401)
        #expect(await provider.refresh(tokens.refresh ?? "").error == "invalid_grant")
    }

    @Test func ofManyAtTheSameInstantOneGetsTokens() async throws {
        let provider = try TestProvider()
        let code = try await provider.code()
        let statuses = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<16 { group.addTask { await provider.token(TestProvider.codeRequest(code)).status } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses.count { $0 == 200 } <= 1)
        #expect(statuses.allSatisfy { $0 == 200 || $0 == 400 })
    }

    @Test func anotherClientsCodeIsUnknownAndStaysUsable() async throws {
        let provider = try TestProvider()
        let code = try await provider.code()
        let stolen = await provider.token(TestProvider.codeRequest(code), as: TestProvider.basic("other", "other"))
        #expect(stolen.error == "invalid_grant")
        #expect(await provider.token(TestProvider.codeRequest(code)).status == 200)
    }

    @Test func anExpiredCodeIsRefused() async throws {
        let provider = try TestProvider()
        let code = try await provider.code()
        provider.clock.move(by: 120)
        #expect(await provider.token(TestProvider.codeRequest(code)).error == "invalid_grant")
    }

    @Test func aVerifierWhereNoneWasAskedIsRefused() async throws {
        let provider = try TestProvider()
        var parameters = TestProvider.parameters
        parameters["code_challenge"] = nil
        parameters["code_challenge_method"] = nil
        let code = try await provider.code(parameters)
        #expect(await provider.token(TestProvider.codeRequest(code)).error == "invalid_grant")
        #expect(await provider.token(TestProvider.codeRequest(code, ["code_verifier": nil])).status == 200)
    }

    @Test(
        arguments: [
            TestProvider.basic("app", "wrong"), TestProvider.basic("app", ""), TestProvider.basic("nobody", "x"),
            TestProvider.basic("native", ""), ["authorization": "Basic !!!"], ["authorization": "Basic YXBw"],
            ["authorization": "Basic YXBwOnM"], ["authorization": "Bearer x"], ["authorization": "Basic"],
            ["authorization": "Basic YXBwOiV6eg=="],
        ] as [HeaderList])
    func aClientThatIsNotProvenIsTold401(headers: HeaderList) async throws {
        let provider = try TestProvider()
        let response = await provider.token(TestProvider.codeRequest(try await provider.code()), as: headers)
        #expect(response.status == 401)
        #expect(response.error == "invalid_client")
        #expect(response.headers.first("www-authenticate")?.hasPrefix("Basic ") == true)
        #expect(response.headers.first("cache-control") == "no-store")
    }

    @Test(
        arguments: [
            [:], ["client_id": "app"], ["client_id": "app", "client_secret": "wrong"], ["client_id": "app", "client_secret": ""],
            ["client_secret": "older"], ["client_id": "native", "client_secret": "x"],
        ] as [[String: String]])
    func aClientNotProvenInTheFormIsTold401(fields: [String: String]) async throws {
        let provider = try TestProvider()
        let request = TestProvider.codeRequest(try await provider.code()).merging(fields) { $1 }
        let response = await provider.token(request, as: [:])
        #expect(response.status == 401)
        #expect(response.error == "invalid_client")
        #expect(response.headers.first("www-authenticate") == nil)
    }

    @Test(arguments: ["older", TestProvider.secret])
    func everySecretOfAClientWorksInTheForm(secret: String) async throws {
        let provider = try TestProvider()
        let request = TestProvider.codeRequest(
            try await provider.code(), ["client_id": "app", "client_secret": secret])
        #expect(await provider.token(request, as: [:]).status == 200)
    }

    @Test(arguments: [["client_secret": TestProvider.secret], ["client_id": "other"], ["client_assertion": "x"]])
    func twoWaysOfAuthenticationAreRefused(fields: [String: String]) async throws {
        let provider = try TestProvider()
        let request = TestProvider.codeRequest(try await provider.code()).merging(fields) { $1 }
        let response = await provider.token(request)
        #expect(response.status == 400)
        #expect(response.error == "invalid_request")
    }

    @Test func aPublicClientNeedsItsVerifierOnly() async throws {
        let provider = try TestProvider()
        var parameters = TestProvider.parameters
        parameters["client_id"] = "native"
        parameters["redirect_uri"] = "http://127.0.0.1:51234/cb"
        let request = TestProvider.codeRequest(
            try await provider.code(parameters), ["client_id": "native", "redirect_uri": "http://127.0.0.1:51234/cb"])
        #expect(await provider.token(request, as: [:]).status == 200)
    }

    @Test(arguments: ["GET", "PUT", "HEAD"])
    func onlyPostIsTaken(method: String) async throws {
        let response = try await TestProvider().send(method, "/token")
        #expect(response.status == 405)
        #expect(response.headers.first("allow") == "POST")
        #expect(method == "HEAD" || response.error == "invalid_request")
    }

    @Test(arguments: ["application/json", "text/plain", "multipart/form-data; boundary=x"])
    func onlyFormsAreTaken(type: String) async throws {
        let response = try await TestProvider().send(
            "POST", "/token", headers: ["content-type": type], body: #"{"grant_type":"authorization_code"}"#)
        #expect(response.status == 400)
        #expect(response.error == "invalid_request")
    }

    @Test(arguments: [
        "grant_type=authorization_code&grant_type=refresh_token", "grant_type=%zz", "code=a&code=a", "grant_type=%ff",
    ])
    func repeatedOrUnreadableParametersAreRefused(body: String) async throws {
        let response = try await TestProvider().send(
            "POST", "/token", headers: ["content-type": "application/x-www-form-urlencoded; charset=UTF-8"], body: body)
        #expect(response.status == 400)
        #expect(response.error == "invalid_request")
    }

    @Test func aStoreThatFailsIs503() async throws {
        let response = try await TestProvider(store: FailingStore()).token(TestProvider.codeRequest("x"))
        #expect(response.status == 503)
        #expect(response.error == "temporarily_unavailable")
    }
}
