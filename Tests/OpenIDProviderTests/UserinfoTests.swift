import JOSE
import Testing
import Web

struct UserinfoTests {
    @Test(arguments: ["GET", "POST"])
    func saysWhoTheTokenIsAbout(method: String) async throws {
        let provider = try TestProvider()
        let tokens = try await provider.tokens()
        let response = await provider.send(method, "/userinfo", headers: tokens.bearer)
        #expect(try response.json()["sub"] == "CgdqYW5lLWlkEgVsb2NhbA")
        #expect(response.headers.first("cache-control") == "no-store")
    }

    @Test func takesTheTokenFromAForm() async throws {
        let provider = try TestProvider()
        let tokens = try await provider.tokens()
        let response = await provider.post("/userinfo", ["access_token": tokens.access])
        #expect(try response.json()["sub"] == "CgdqYW5lLWlkEgVsb2NhbA")
        #expect(await provider.post("/userinfo", ["access_token": tokens.id]).status == 401)
    }

    @Test(arguments: [
        ("GET", "", true, 401), ("GET", "application/x-www-form-urlencoded", true, 401), ("POST", "application/json", true, 401),
        ("POST", "application/x-www-form-urlencoded", false, 400),
    ])
    func aTokenElsewhereDoesNotCount(method: String, type: String, isAlone: Bool, status: Int) async throws {
        let provider = try TestProvider()
        let tokens = try await provider.tokens()
        let field = "access_token=\(tokens.access)"
        var headers: HeaderList = isAlone ? [:] : tokens.bearer
        if !type.isEmpty { headers.add("content-type", type) }
        let target = type.isEmpty ? "/userinfo?\(field)" : "/userinfo"
        let response = await provider.send(method, target, headers: headers, body: type.isEmpty ? "" : field)
        #expect(response.status == status)
    }

    @Test func aTokenTwiceInAFormIsABadRequest() async throws {
        let provider = try TestProvider()
        let field = "access_token=\(try await provider.tokens().access)"
        let form: HeaderList = ["content-type": "application/x-www-form-urlencoded"]
        #expect(await provider.send("POST", "/userinfo", headers: form, body: "\(field)&\(field)").status == 400)
    }

    @Test func withoutATokenTheSchemeIsNamedAlone() async throws {
        let response = try await TestProvider().get("/userinfo")
        #expect(response.status == 401)
        #expect(response.headers.first("www-authenticate") == "Bearer realm=\"userinfo\"")
    }

    @Test(arguments: ["Basic eDp5", "Bearer"])
    func anotherSchemeIsABadRequest(header: String) async throws {
        let response = try await TestProvider().get("/userinfo", headers: ["authorization": header])
        #expect(response.status == 400)
        #expect(response.headers.first("www-authenticate")?.contains("error=\"invalid_request\"") == true)
    }

    @Test func anIDTokenIsNoAccessToken() async throws {
        let provider = try TestProvider()
        let idToken = try await provider.tokens().id
        try await expectInvalid(provider, "Bearer \(idToken)")
    }

    @Test func anExpiredTokenIsRefused() async throws {
        let provider = try TestProvider()
        let tokens = try await provider.tokens()
        provider.clock.move(by: 3599)
        #expect(await provider.get("/userinfo", headers: tokens.bearer).status == 200)
        provider.clock.move(by: 1)
        try await expectInvalid(provider, "Bearer \(tokens.access)")
    }

    @Test func aTokenOfAnotherKeyIsRefused() async throws {
        let provider = try TestProvider()
        let claims = try JSONWebSignature(compact: try await provider.tokens().access).claims
        let forged = try JSONWebSignature.sign(claims, type: "at+jwt", with: .generate(.es256))
        try await expectInvalid(provider, "Bearer \(forged)")
    }

    @Test(
        arguments: [
            ("exp", .number(1e300)), ("exp", "2000000000"), ("exp", nil), ("iss", "https://sso.example.com/dex/"), ("iss", nil),
            ("grant_id", nil), ("grant_id", "x"), ("scope", nil),
        ] as [(String, JSONValue?)])
    func oneClaimWrong(claim: String, value: JSONValue?) async throws {
        let provider = try TestProvider()
        var claims = try JSONWebSignature(compact: try await provider.tokens().access).claims
        claims[claim] = value
        let token = try JSONWebSignature.sign(claims, type: "at+jwt", with: try #require(provider.keyring.key(.es256)))
        try await expectInvalid(provider, "Bearer \(token)")
    }

    @Test(arguments: ["Bearer x", "Bearer a.b.c", "Bearer \(String(repeating: "A", count: 70_000))"])
    func garbageIsRefused(header: String) async throws { try await expectInvalid(TestProvider(), header) }

    private func expectInvalid(_ provider: TestProvider, _ header: String) async throws {
        let response = await provider.get("/userinfo", headers: ["authorization": header])
        #expect(response.status == 401)
        #expect(response.headers.first("www-authenticate")?.contains("error=\"invalid_token\"") == true)
    }
}
