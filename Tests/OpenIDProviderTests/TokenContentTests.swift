import JOSE
import OpenIDConnect
import OpenIDProvider
import Testing
import Web

/// What is in the tokens.
struct TokenContentTests {
    @Test func idToken() async throws {
        let provider = try TestProvider()
        let tokens = try await provider.tokens()
        let token = try JSONWebSignature(compact: tokens.id)
        let now = provider.clock.now.seconds
        let expected: [String: JSONValue] = [
            "iss": .string(TestProvider.issuer), "aud": "app", "exp": .integer(now + 3600), "iat": .integer(now),
            "auth_time": .integer(now), "nonce": "n-1", "amr": ["pwd"], "email": "jane@example.com", "email_verified": true,
            "name": "Jane", "preferred_username": "jane", "groups": ["admins", "team-a"],
            "at_hash": .string(Base64URL.encode(sha256(tokens.access.utf8).prefix(16))),
            // What Dex makes of the user jane-id of the connector local.
            "sub": "CgdqYW5lLWlkEgVsb2NhbA",
        ]
        for (name, value) in expected { #expect(token.claims[name] == value, "\(name)") }
        #expect(token.claims["sid"]?.string?.isEmpty == false)
        #expect(token.type == "jwt")
    }

    @Test(arguments: [("app", TestProvider.callback, "RS256"), ("other", "https://other.example.com/cb", "ES256")])
    func signedWithTheClientsAlgorithmByAPublishedKey(client: String, uri: String, algorithm: String) async throws {
        let provider = try TestProvider()
        let parameters = TestProvider.parameters.merging(["client_id": client, "redirect_uri": uri]) { $1 }
        let secret = client == "app" ? TestProvider.secret : "other"
        let reply = await provider.token(
            TestProvider.codeRequest(try await provider.code(parameters), ["redirect_uri": uri]),
            as: TestProvider.basic(client, secret))
        let token = try JSONWebSignature(compact: try Tokens(reply).id)
        #expect(token.algorithmName == algorithm)
        let keys = try #require(JSONWebKeySet(json: .object(try await provider.get("/keys").json())))
        let known = try #require(SignatureAlgorithm(rawValue: algorithm))
        let key = try #require(keys.key(id: token.keyID, algorithm: known))
        #expect(token.isSigned(by: key, algorithm: known))
    }

    @Test(arguments: [
        ("openid", []), ("openid email", ["email", "email_verified"]), ("openid profile", ["name", "preferred_username"]),
        ("openid groups", ["groups"]),
    ])
    func claimsFollowTheScope(scope: String, claims: [String]) async throws {
        let provider = try TestProvider()
        let tokens = try await provider.tokens(TestProvider.parameters.merging(["scope": scope]) { $1 })
        let inToken = try JSONWebSignature(compact: tokens.id).claims
        let inUserinfo = try await provider.get("/userinfo", headers: tokens.bearer).json()
        for claim in ["email", "email_verified", "name", "preferred_username", "groups"] {
            #expect((inToken[claim] != nil) == claims.contains(claim))
            #expect(inUserinfo[claim] == inToken[claim])
        }
    }

    /// As Dex has it: who the user is to the connector, and not what an upstream says of that.
    @Test func federatedClaims() async throws {
        let provider = try TestProvider()
        for (scope, isTold) in [("openid federated:id", true), ("openid profile", false)] {
            let tokens = try await provider.tokens(TestProvider.parameters.merging(["scope": scope]) { $1 })
            let told: JSONValue? =
                isTold ? ["connector_id": "local", "user_id": .string(TestConnector.jane.id)] : nil
            #expect(try JSONWebSignature(compact: tokens.id).claims["federated_claims"] == told)
            #expect(try await provider.get("/userinfo", headers: tokens.bearer).json()["federated_claims"] == told)
        }
    }

    /// OpenID Connect Core §5.5.
    @Test(arguments: [nil, ["openid", "profile"], ["openid"]] as [[String]?])
    func singleClaimsAreToldWhereTheyWereAskedFor(allowed: [String]?) async throws {
        var clients = TestProvider.clients
        clients[0].scopes = allowed
        let provider = try TestProvider(clients: clients)
        let claims = #"{"userinfo":{"email":null,"unknown":null},"id_token":{"name":{"essential":true}}}"#
        let tokens = try await provider.tokens(
            TestProvider.parameters.merging(["scope": "openid", "claims": claims]) { $1 })
        let inToken = try JSONWebSignature(compact: tokens.id).claims
        #expect((inToken["name"] != nil) == (allowed?.contains("profile") ?? true))
        #expect(inToken["email"] == nil && inToken["preferred_username"] == nil)
        let told = try await provider.get("/userinfo", headers: tokens.bearer).json()
        #expect((told["email"] != nil) == (allowed == nil))
        #expect(told["email_verified"] == nil && told["name"] == nil && told["unknown"] == nil)
    }

    @Test func accessToken() async throws {
        let provider = try TestProvider()
        let token = try JSONWebSignature(compact: try await provider.tokens().access)
        let now = provider.clock.now.seconds
        let expected: [String: JSONValue] = [
            "iss": .string(TestProvider.issuer), "aud": "app", "client_id": "app", "exp": .integer(now + 3600),
            "iat": .integer(now), "sub": "CgdqYW5lLWlkEgVsb2NhbA", "scope": "openid email profile groups offline_access",
        ]
        for (name, value) in expected { #expect(token.claims[name] == value, "\(name)") }
        for name in ["jti", "sid", "grant_id"] { #expect(token.claims[name]?.string?.isEmpty == false, "\(name)") }
        // RFC 9068 §2.1: no ID token passes for one.
        #expect(token.type == "at+jwt")
    }

    @Test func unknownScopeValuesAreNotGranted() async throws {
        let parameters = TestProvider.parameters.merging(["scope": "openid unheard-of email"]) { $1 }
        #expect(try await TestProvider().tokens(parameters).scope == "openid email")
    }
}
