import JOSE
import OpenIDConnect
import OpenIDProvider
import Testing
import Web

struct ProviderTests {
    @Test func discovery() async throws {
        let json = try await TestProvider().get("/.well-known/openid-configuration").json()
        let metadata = try #require(ProviderMetadata(json: .object(json)))
        #expect(metadata.issuer == TestProvider.issuer)
        #expect(metadata.authorizationEndpoint == TestProvider.issuer + "/auth")
        #expect(metadata.tokenEndpoint == TestProvider.issuer + "/token")
        #expect(metadata.endSessionEndpoint == TestProvider.issuer + "/logout")
        #expect(metadata.idTokenSigningAlgorithms == ["RS256", "ES256"])
        #expect(metadata.sendsIssuerInResponse)
        #expect(json["code_challenge_methods_supported"] == ["S256"])
        #expect(json["response_types_supported"] == ["code"])
    }

    @Test func theKeysArePublicAndCached() async throws {
        let response = try await TestProvider().get("/keys")
        #expect(response.headers.first("cache-control") == "public, max-age=1200")
        let keys = try #require(JSONWebKeySet(json: .object(try response.json())))
        #expect(keys.keys.compactMap(\.algorithm) == [.rs256, .es256])
        for secret in ["\"d\"", "\"p\"", "\"q\""] { #expect(!response.text.contains(secret)) }
    }

    @Test(arguments: [
        "", "/", "/token/", "//token", "/Token", "/%74oken", "/token%00", "/auth/local/login/", "/auth//login", "/callback/",
        "/callback/a/b",
        "/assets/", "/assets/../token", "/keys/x", "/./keys", "/nothing",
    ])
    func noOtherPathIsAnEndpoint(path: String) async throws {
        let response = try await TestProvider().get(path)
        #expect(response.status == 404)
        #expect(response.headers.first("content-security-policy") != nil)
    }

    @Test(arguments: [
        ("POST", "/keys", "GET, HEAD"), ("DELETE", "/auth", "GET, HEAD, POST"), ("PUT", "/userinfo", "GET, HEAD, POST"),
        ("POST", "/.well-known/openid-configuration", "GET, HEAD"),
    ])
    func anotherMethodIsRefused(method: String, path: String, allowed: String) async throws {
        let response = try await TestProvider().send(method, path)
        #expect(response.status == 405)
        #expect(response.headers.first("allow") == allowed)
    }

    @Test(arguments: ["/keys", "/healthz"])
    func headHasTheLengthOfAGet(path: String) async throws {
        let provider = try TestProvider()
        let response = await provider.send("HEAD", path)
        #expect(response.status == 200)
        #expect(await response.body == provider.get(path).body, "the listener leaves the body out")
    }

    @Test func thePagesFindTheirAssets() async throws {
        let provider = try TestProvider()
        let page = await provider.get("/nothing").text
        let stylesheet = try #require(page.firstMatch(of: /href="\/dex(\/assets\/[^"]+\.css)"/))
        #expect(await provider.get(String(stylesheet.output.1)).status == 200)
    }

    @Test(arguments: [("/dex/token", true), ("/dex/", true), ("/dexter", false), ("/", false)])
    func ownsWhatIsBelowItsPath(path: String, isOwned: Bool) throws {
        #expect(try TestProvider().provider.owns(path: path) == isOwned)
    }

    @Test func oldRowsAreSweptInBatches() async throws {
        let provider = try TestProvider()
        for _ in 0..<3 { _ = try await provider.tokens() }
        #expect(try await provider.provider.sweep(limit: 10) == 0)
        provider.clock.move(by: 3600 + 120)
        #expect(try await provider.provider.sweep(limit: 2) == 2)
        #expect(try await provider.provider.sweep(limit: 2) == 1)
        provider.clock.move(by: 30 * 86400)
        // The grants, and the sessions of three browsers.
        #expect(try await provider.provider.sweep(limit: 10) == 6)
    }

    /// Code with PKCE, refresh, userinfo and sign-out, as a client goes through them.
    @Test func aWholeRun() async throws {
        let provider = try TestProvider()
        let code = try await provider.code()
        let first = try Tokens(await provider.token(TestProvider.codeRequest(code)))
        #expect(try await provider.get("/userinfo", headers: first.bearer).json()["email"] == "jane@example.com")
        provider.clock.move(by: 3600)
        #expect(await provider.get("/userinfo", headers: first.bearer).status == 401)
        let second = try Tokens(await provider.refresh(first.refresh ?? ""))
        #expect(try await provider.get("/userinfo", headers: second.bearer).json()["groups"] == ["admins", "team-a"])
        #expect(await provider.get("/logout", ["id_token_hint": second.id]).status == 200)
        #expect(await provider.get("/userinfo", headers: second.bearer).status == 401)
        #expect(await provider.refresh(second.refresh ?? "").error == "invalid_grant")
    }
}
