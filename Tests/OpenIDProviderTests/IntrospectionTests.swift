import JOSE
import OpenIDProvider
import Testing
import Web

/// Cases of `/token/introspect` and `/revoke`.
struct IntrospectionTests {
    private let app = TestProvider.basic("app", TestProvider.secret)

    private func introspect(
        _ provider: TestProvider, _ token: String, as client: HeaderList? = nil
    ) async throws -> JSONObject {
        let response = await provider.post("/token/introspect", ["token": token], headers: client ?? app)
        #expect(response.status == 200)
        #expect(response.headers.first("cache-control") == "no-store")
        return try response.json()
    }

    @Test func anAccessTokenIsActive() async throws {
        let provider = try TestProvider()
        let tokens = try await provider.tokens()
        let content = try await introspect(provider, tokens.access)
        #expect(content["active"] == true)
        #expect(content["client_id"] == "app")
        #expect(content["sub"] == "CgdqYW5lLWlkEgVsb2NhbA")
        #expect(content["iss"]?.string == TestProvider.issuer)
        #expect(content["aud"] == ["app"])
        #expect(content["exp"]?.integer == provider.clock.now.seconds + 3600)
        #expect(content["token_type"] == "Bearer")
        #expect(content["token_use"] == "access_token")
        #expect(content["username"] == "jane")
        #expect(content["groups"] == ["admins", "team-a"])
    }

    @Test func aRefreshTokenIsActiveUntilItIsUsed() async throws {
        let provider = try TestProvider()
        let first = try await provider.tokens().refresh ?? ""
        #expect(try await introspect(provider, first)["token_use"] == "refresh_token")
        #expect(try await introspect(provider, first)["active"] == true)
        let second = try Tokens(await provider.refresh(first)).refresh ?? ""
        #expect(try await introspect(provider, first)["active"] == false)
        #expect(try await introspect(provider, second)["active"] == true)
    }

    @Test(arguments: ["x", "a.b.c", "gh_at_AAAA", String(repeating: "A", count: 96)])
    func whatWeNeverIssuedIsNotActive(token: String) async throws {
        #expect(try await introspect(try TestProvider(), token) == JSONObject([("active", false)]))
    }

    @Test func anIDTokenIsNotActive() async throws {
        let provider = try TestProvider()
        #expect(try await introspect(provider, try await provider.tokens().id)["active"] == false)
    }

    @Test func expiredAndEndedTokensAreNotActive() async throws {
        let provider = try TestProvider()
        let tokens = try await provider.tokens()
        provider.clock.move(by: 3600)
        #expect(try await introspect(provider, tokens.access)["active"] == false)
        let again = try await provider.tokens()
        #expect(await provider.get("/logout", ["id_token_hint": again.id]).status == 200)
        #expect(try await introspect(provider, again.access)["active"] == false)
        #expect(try await introspect(provider, again.refresh ?? "")["active"] == false)
    }

    @Test func othersTokensAreNotTold() async throws {
        let provider = try TestProvider()
        let tokens = try await provider.tokens()
        let other = TestProvider.basic("other", "other")
        #expect(try await introspect(provider, tokens.access, as: other) == JSONObject([("active", false)]))
        #expect(try await introspect(provider, tokens.refresh ?? "", as: other) == JSONObject([("active", false)]))
    }

    @Test func anAudienceMayKnowAndWhoeverIsToldEverything() async throws {
        let provider = try TestProvider()
        let tokens = try await provider.tokens(at: "opaque", secret: "opaque")
        #expect(tokens.access.hasPrefix("gh_at_"))
        let machine = TestProvider.basic("machine", "machine")
        #expect(try await introspect(provider, tokens.access, as: machine)["aud"] == ["https://api.example.com", "machine"])
        #expect(try await introspect(provider, try await provider.tokens().access, as: machine)["active"] == true)
    }

    @Test(
        arguments: [
            [:], TestProvider.basic("app", "wrong"), TestProvider.basic("nobody", "x"),
        ] as [HeaderList])
    func onlyProvenClientsMayAsk(headers: HeaderList) async throws {
        let provider = try TestProvider()
        let response = await provider.post("/token/introspect", ["token": try await provider.tokens().access], headers: headers)
        #expect(response.status == 401)
        #expect(response.error == "invalid_client")
    }

    @Test func publicClientsMayNotAsk() async throws {
        let response = try await TestProvider().post("/token/introspect", ["token": "x", "client_id": "native"])
        #expect(response.status == 401)
    }

    @Test(arguments: ["/token/introspect", "/revoke"])
    func malformedCallsAreRefused(path: String) async throws {
        let provider = try TestProvider()
        #expect(await provider.get(path).status == 405)
        #expect(await provider.post(path, [:], headers: app).error == "invalid_request")
        let json = await provider.send("POST", path, headers: ["content-type": "application/json"], body: "{}")
        #expect(json.error == "invalid_request")
        #expect(try json.json()["reference"]?.string?.utf8.count == 10)
    }

    @Test(arguments: [true, false])
    func revocationEndsTheWholeSignIn(byRefreshToken: Bool) async throws {
        let provider = try TestProvider()
        let first = try await provider.tokens()
        let tokens = try Tokens(await provider.refresh(first.refresh ?? ""))
        let token = byRefreshToken ? tokens.refresh ?? "" : first.access
        let response = await provider.post("/revoke", ["token": token, "token_type_hint": "unheard-of"], headers: app)
        #expect(response.status == 200)
        #expect(await provider.get("/userinfo", headers: tokens.bearer).status == 401)
        #expect(await provider.get("/userinfo", headers: first.bearer).status == 401)
        #expect(await provider.refresh(tokens.refresh ?? "").error == "invalid_grant")
        #expect(await provider.post("/revoke", ["token": token], headers: app).status == 200)
    }

    @Test func anUsedRefreshTokenEndsItsFamilyToo() async throws {
        let provider = try TestProvider()
        let first = try await provider.tokens()
        let second = try Tokens(await provider.refresh(first.refresh ?? ""))
        #expect(await provider.post("/revoke", ["token": first.refresh ?? ""], headers: app).status == 200)
        #expect(await provider.refresh(second.refresh ?? "").error == "invalid_grant")
    }

    @Test func othersTokensAreNotRevoked() async throws {
        let provider = try TestProvider()
        let tokens = try await provider.tokens()
        let response = await provider.post(
            "/revoke", ["token": tokens.access], headers: TestProvider.basic("other", "other"))
        #expect(response.error == "unauthorized_client")
        #expect(await provider.get("/userinfo", headers: tokens.bearer).status == 200)
    }

    @Test func unknownTokensAreNoErrorAndIDTokensAre() async throws {
        let provider = try TestProvider()
        #expect(await provider.post("/revoke", ["token": "x"], headers: app).status == 200)
        let idToken = try await provider.tokens().id
        #expect(await provider.post("/revoke", ["token": idToken], headers: app).error == "unsupported_token_type")
    }

    @Test func aClientsOwnTokenCanBeRevoked() async throws {
        let provider = try TestProvider()
        let machine = TestProvider.basic("machine", "machine")
        let reply = try await provider.token(["grant_type": "client_credentials"], as: machine).json()
        let token = reply["access_token"]?.string ?? ""
        #expect(try await introspect(provider, token, as: machine)["active"] == true)
        #expect(await provider.post("/revoke", ["token": token], headers: machine).status == 200)
        #expect(try await introspect(provider, token, as: machine)["active"] == false)
    }
}
