import JOSE
import OpenIDProvider
import Testing
import Web

/// Client credentials, token exchange, assertions, passwords, peers, and what clients may have.
struct GrantTypeTests {
    private let machine = TestProvider.basic("machine", "machine")

    private func claims(_ response: WebResponse, _ member: String = "access_token") throws -> JSONObject {
        #expect(response.status == 200, "\(response.text)")
        return try JSONWebSignature(compact: try response.json()[member]?.string ?? "").claims
    }

    // Client credentials.

    @Test(arguments: [(nil, "api:read api:write"), ("api:read openid email offline_access", "api:read")] as [(String?, String)])
    func aClientsOwnToken(scope: String?, granted: String) async throws {
        let provider = try TestProvider()
        var fields = ["grant_type": "client_credentials"]
        fields["scope"] = scope
        let response = await provider.token(fields, as: machine)
        let claims = try claims(response)
        #expect(claims["sub"] == "machine" && claims["client_id"] == "machine" && claims["scope"]?.string == granted)
        #expect(claims["grant_id"] == nil)
        let reply = try response.json()
        #expect(reply["refresh_token"] == nil && reply["id_token"] == nil)
        let bearer: HeaderList = ["authorization": "Bearer \(reply["access_token"]?.string ?? "")"]
        #expect(await provider.get("/userinfo", headers: bearer).status == 401)
    }

    @Test func whoMayNotHaveThemIsTold() async throws {
        #expect(try await TestProvider().token(["grant_type": "client_credentials"]).error == "unauthorized_client")
    }

    // Token exchange (I6, I7).

    private static let access = "urn:ietf:params:oauth:token-type:access_token"

    private func exchange(_ token: String, _ changes: [String: String?] = [:]) -> [String: String] {
        var fields = [
            "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange", "subject_token": token,
            "subject_token_type": Self.access,
        ]
        for (name, value) in changes { fields[name] = value }
        return fields
    }

    @Test func aTokenThatIsForUsIsExchanged() async throws {
        let provider = try TestProvider()
        let subject = try await provider.tokens(at: "opaque", secret: "opaque").access
        let response = await provider.token(
            exchange(subject, ["audience": "https://archive.example.com", "scope": "email"]), as: machine)
        let claims = try claims(response)
        #expect(claims["sub"] == "CgdqYW5lLWlkEgVsb2NhbA" && claims["client_id"] == "machine")
        #expect(claims["aud"] == "https://archive.example.com" && claims["scope"] == "email")
        #expect(claims["act"] == ["sub": "machine"])
        // It does not outlive what it came from.
        #expect(claims["exp"]?.integer == provider.clock.now.seconds + 300)
        let reply = try response.json()
        #expect(reply["issued_token_type"]?.string == Self.access && reply["refresh_token"] == nil)
    }

    @Test func itEndsWithTheSignInThatItCameFrom() async throws {
        let provider = try TestProvider()
        let tokens = try await provider.tokens(at: "opaque", secret: "opaque")
        let reply = try await provider.token(exchange(tokens.access), as: machine).json()
        let bearer: HeaderList = ["authorization": "Bearer \(reply["access_token"]?.string ?? "")"]
        #expect(await provider.get("/userinfo", headers: bearer).status == 200)
        #expect(await provider.get("/logout", ["id_token_hint": tokens.id]).status == 200)
        #expect(await provider.get("/userinfo", headers: bearer).status == 401)
    }

    @Test func anIDTokenForAPeer() async throws {
        let provider = try TestProvider()
        let subject = try await provider.tokens(at: "opaque", secret: "opaque").access
        let type = "urn:ietf:params:oauth:token-type:id_token"
        let response = await provider.token(exchange(subject, ["audience": "peer", "requested_token_type": type]), as: machine)
        let claims = try claims(response)
        #expect(claims["aud"] == ["peer"] && claims["azp"] == "machine" && claims["email"] == "jane@example.com")
        let reply = try response.json()
        #expect(reply["token_type"] == "N_A" && reply["issued_token_type"]?.string == type)
    }

    static let refused: [([String: String?], String)] = [
        (["subject_token": nil], "invalid_request"), (["subject_token": "x"], "invalid_request"),
        (["subject_token_type": nil], "invalid_request"),
        (["subject_token_type": "urn:ietf:params:oauth:token-type:saml2"], "invalid_request"),
        (["requested_token_type": "urn:ietf:params:oauth:token-type:refresh_token"], "invalid_request"),
        (["actor_token": "x"], "invalid_request"), (["audience": "app"], "invalid_target"),
        (["audience": "https://else.example.com"], "invalid_target"),
        (["resource": "https://else.example.com"], "invalid_target"),
        (["scope": "api:read"], "invalid_scope"), (["scope": "audience:server:client_id:app"], "invalid_scope"),
    ]

    @Test(arguments: refused)
    func oneThingWrong(change: [String: String?], error: String) async throws {
        let provider = try TestProvider()
        let subject = try await provider.tokens(at: "opaque", secret: "opaque").access
        let response = await provider.token(exchange(subject, change), as: machine)
        #expect(response.status == 400)
        #expect(response.error == error)
    }

    @Test func aTokenForSomebodyElseIsNotExchanged() async throws {
        let provider = try TestProvider()
        let tokens = try await provider.tokens()
        #expect(await provider.token(exchange(tokens.access), as: machine).error == "invalid_request")
        #expect(await provider.token(exchange(tokens.access)).error == "unauthorized_client")
        #expect(await provider.token(exchange(tokens.refresh ?? ""), as: machine).error == "invalid_request")
        #expect(await provider.token(exchange(tokens.id), as: machine).error == "invalid_request")
    }

    // Assertions of trusted issuers.

    private func assertion(
        _ provider: TestProvider, key: SigningKey = TestKeys.right, _ changes: [String: JSONValue?] = [:]
    ) throws -> [String: String] {
        var claims = JSONObject([
            ("iss", "https://cluster.example.com"), ("sub", "system:serviceaccount:a:b"), ("aud", .string(TestProvider.issuer)),
            ("exp", .integer(provider.clock.now.adding(600).seconds)), ("jti", .string(Randomness.system.token(8))),
        ])
        for (name, value) in changes { claims[name] = value }
        return [
            "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "scope": "openid email",
            "assertion": try JSONWebSignature.sign(claims, type: "JWT", with: key),
        ]
    }

    @Test func aTrustedIssuersWordStandsForASignIn() async throws {
        let provider = try TestProvider()
        let fields = try assertion(provider, ["email": "b@example.com"])
        let response = await provider.token(fields, as: machine)
        #expect(try claims(response)["sub"]?.string != nil)
        #expect(try claims(response, "id_token")["email"] == "b@example.com")
        #expect(try response.json()["refresh_token"] == nil)
        #expect(await provider.token(fields, as: machine).error == "invalid_grant", "a second time")
    }

    @Test(
        arguments: [
            ["iss": "https://else.example.com"], ["aud": "https://else.example.com"], ["aud": nil], ["sub": nil], ["sub": ""],
            ["exp": nil], ["exp": 1_799_999_900], ["exp": .number(1e300)], ["nbf": 1_800_000_100], ["iat": 1_800_000_100],
        ] as [[String: JSONValue?]])
    func aBadAssertionIsRefused(change: [String: JSONValue?]) async throws {
        let provider = try TestProvider()
        #expect(await provider.token(try assertion(provider, change), as: machine).error == "invalid_grant")
    }

    @Test func anotherKeyIsRefused() async throws {
        let provider = try TestProvider()
        #expect(await provider.token(try assertion(provider, key: TestKeys.foreign), as: machine).error == "invalid_grant")
    }

    // Passwords.

    private func password(_ password: String = "right", as client: String = "old", scope: String = "openid email") -> [String:
        String]
    {
        [
            "grant_type": "password", "username": "jane@example.com", "password": password, "client_id": client,
            "client_secret": client, "scope": scope,
        ]
    }

    @Test func aPasswordGivesTokens() async throws {
        let provider = try TestProvider()
        let response = await provider.token(password(scope: "openid email offline_access"), as: [:])
        #expect(try claims(response, "id_token")["email"] == "jane@example.com")
        let refresh = try response.json()["refresh_token"]?.string ?? ""
        let again = await provider.token(
            ["grant_type": "refresh_token", "refresh_token": refresh], as: TestProvider.basic("old", "old"))
        #expect(again.status == 200)
    }

    @Test func aWrongPasswordIsRefusedAndTriesAreCounted() async throws {
        let provider = try TestProvider()
        #expect(await provider.token(password("wrong"), as: [:]).error == "invalid_grant")
        for _ in 0..<60 { _ = await provider.token(password("wrong"), as: [:]) }
        let response = await provider.token(password(), as: [:])
        #expect(response.status == 429 && response.headers.first("retry-after") != nil)
        #expect(provider.connector.callCount <= 60)
        provider.clock.move(by: 60)
        #expect(await provider.token(password(), as: [:]).status == 200)
    }

    // What clients may have.

    @Test func usersOutsideItsGroupsAreRefused() async throws {
        let provider = try TestProvider()
        #expect(await provider.token(password(as: "few"), as: [:]).error == "invalid_grant")
    }

    @Test func aClientHasItsScopesOnly() async throws {
        let provider = try TestProvider()
        let tokens = try await provider.tokens(at: "narrow", secret: "narrow")
        #expect(tokens.scope == "openid email" && tokens.refresh == nil)
    }

    @Test func aPeersTokensAreForBoth() async throws {
        let provider = try TestProvider()
        var parameters = TestProvider.parameters
        parameters["scope"] = "openid email audience:server:client_id:peer"
        let tokens = try await provider.tokens(parameters)
        let idToken = try JSONWebSignature(compact: tokens.id).claims
        #expect(idToken["aud"] == ["app", "peer"] && idToken["azp"] == "app")
        #expect(try JSONWebSignature(compact: tokens.access).claims["aud"] == ["app", "peer"])
    }

    @Test(arguments: ["other", "unknown"])
    func whoDoesNotTrustUsIsNoPeer(peer: String) async throws {
        var parameters = TestProvider.parameters
        parameters["scope"] = "openid audience:server:client_id:\(peer)"
        let response = try await TestProvider().get("/auth", parameters)
        #expect(try TestProvider.redirectFields(response)["error"] == "invalid_scope")
    }

    @Test func opaqueTokensWorkAtUserinfo() async throws {
        let provider = try TestProvider()
        let tokens = try await provider.tokens(at: "opaque", secret: "opaque")
        #expect(try await provider.get("/userinfo", headers: tokens.bearer).json()["email"] == "jane@example.com")
        provider.clock.move(by: 300)
        #expect(await provider.get("/userinfo", headers: tokens.bearer).status == 401)
    }
}
