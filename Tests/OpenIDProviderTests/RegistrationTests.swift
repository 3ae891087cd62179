import JOSE
import OpenIDProvider
import Storage
import Testing
import Web

/// Clients that register themselves (RFC 7591).
struct RegistrationTests {
    private static let right: [String: JSONValue] = [
        "client_name": "Notes", "redirect_uris": [.string(TestProvider.callback)],
        "grant_types": ["authorization_code", "refresh_token"], "unheard_of": ["x": 1],
    ]

    private func register(
        _ provider: TestProvider, _ changes: [String: JSONValue?] = [:], token: String = TestProvider.registrationToken
    ) async -> WebResponse {
        var metadata = JSONObject(Self.right.map { (name: $0.key, value: $0.value) })
        for (name, value) in changes { metadata[name] = value }
        return await provider.send(
            "POST", "/register", headers: ["authorization": "Bearer \(token)", "content-type": "application/json"],
            body: JSONValue.object(metadata).jsonText)
    }

    private func code(_ provider: TestProvider, of client: String) async throws -> [String: String] {
        // The operator does not know the client: people are asked.
        let browser = SSOBrowser(provider)
        let question = try await browser.signIn(["client_id": client])
        #expect(question.text.contains("May Notes know this?"))
        let done = try await browser.submit(question, ["decision": "allow"])
        return TestProvider.codeRequest(try #require(done.code))
    }

    @Test func aRegisteredClientSignsPeopleIn() async throws {
        let provider = try TestProvider()
        let response = await register(provider)
        #expect(response.status == 201)
        let reply = try response.json()
        let (id, secret) = (reply["client_id"]?.string ?? "", reply["client_secret"]?.string ?? "")
        #expect(reply["client_secret_expires_at"]?.integer == provider.clock.now.seconds + 86400)
        #expect(reply["token_endpoint_auth_method"] == "client_secret_basic" && reply["unheard_of"] == nil)
        let tokens = try Tokens(await provider.token(try await code(provider, of: id), as: TestProvider.basic(id, secret)))
        #expect(try JSONWebSignature(compact: tokens.id).claims["aud"]?.string == id)
        #expect(tokens.refresh != nil)
        #expect(
            await provider.token(["grant_type": "refresh_token"], as: TestProvider.basic(id, "wrong")).error == "invalid_client")
        #expect(
            await provider.token(["grant_type": "client_credentials"], as: TestProvider.basic(id, secret)).error
                == "unauthorized_client")
        provider.clock.move(by: 86400)
        #expect(
            await provider.token(["grant_type": "refresh_token"], as: TestProvider.basic(id, secret)).error == "invalid_client")
    }

    @Test func aPublicClientHasNoSecret() async throws {
        let provider = try TestProvider()
        let reply = try await register(provider, ["token_endpoint_auth_method": "none"]).json()
        #expect(reply["client_secret"] == nil)
        let id = reply["client_id"]?.string ?? ""
        let request = try await code(provider, of: id).merging(["client_id": id]) { $1 }
        #expect(await provider.token(request, as: [:]).status == 200)
    }

    @Test func aClientCanSign() async throws {
        let provider = try TestProvider()
        let reply = try await register(
            provider, ["token_endpoint_auth_method": "private_key_jwt", "jwks": TestKeys.published.json]
        ).json()
        let id = reply["client_id"]?.string ?? ""
        let request = try await code(provider, of: id).merging(provider.assertion(id)) { $1 }
        #expect(await provider.token(request, as: [:]).status == 200)
    }

    @Test(arguments: [(nil, "RS256"), ("ES256", "ES256")] as [(JSONValue?, String)])
    func aClientSaysHowItsIDTokensAreSigned(asked: JSONValue?, algorithm: String) async throws {
        let provider = try TestProvider()
        let reply = try await register(provider, ["id_token_signed_response_alg": asked]).json()
        #expect(reply["id_token_signed_response_alg"] == asked)
        let (id, secret) = (reply["client_id"]?.string ?? "", reply["client_secret"]?.string ?? "")
        let tokens = try Tokens(await provider.token(try await code(provider, of: id), as: TestProvider.basic(id, secret)))
        #expect(try JSONWebSignature(compact: tokens.id).algorithmName == algorithm)
    }

    @Test(
        arguments: [
            (["redirect_uris": nil], "invalid_redirect_uri"), (["redirect_uris": []], "invalid_redirect_uri"),
            (["redirect_uris": ["http://app.example.com/"]], "invalid_redirect_uri"),
            (["redirect_uris": ["https://app.example.com/#x"]], "invalid_redirect_uri"),
            (["redirect_uris": ["https://*.example.com/"]], "invalid_redirect_uri"),
            (["redirect_uris": ["javascript:alert(1)"]], "invalid_redirect_uri"),
            (["redirect_uris": ["https://a@evil.example/"]], "invalid_redirect_uri"),
            (["redirect_uris": 7], "invalid_redirect_uri"), (["grant_types": ["password"]], "invalid_client_metadata"),
            (["grant_types": ["client_credentials"]], "invalid_client_metadata"),
            (["response_types": ["token"]], "invalid_client_metadata"), (["client_name": ""], "invalid_client_metadata"),
            (["client_name": 7], "invalid_client_metadata"), (["scope": "\""], "invalid_client_metadata"),
            (["jwks_uri": "https://app.example.com/jwks"], "invalid_client_metadata"),
            (["token_endpoint_auth_method": "private_key_jwt"], "invalid_client_metadata"),
            (["token_endpoint_auth_method": "magic"], "invalid_client_metadata"),
            (["jwks": ["keys": []]], "invalid_client_metadata"),
            (["id_token_signed_response_alg": "none"], "invalid_client_metadata"),
            (["id_token_signed_response_alg": "PS256"], "invalid_client_metadata"),
            (["id_token_signed_response_alg": 7], "invalid_client_metadata"),
        ] as [([String: JSONValue?], String)])
    func oneThingWrong(change: [String: JSONValue?], error: String) async throws {
        let response = await register(try TestProvider(), change)
        #expect(response.status == 400)
        #expect(response.error == error)
    }

    @Test(arguments: ["", "wrong", TestProvider.registrationToken + "x"])
    func whoHasNoTokenIsRefused(token: String) async throws {
        let response = await register(try TestProvider(), token: token)
        #expect(response.status == 401)
        #expect(response.headers.first("www-authenticate") == "Bearer realm=\"registration\"")
    }

    @Test func thereIsRoomForSoMany() async throws {
        let provider = try TestProvider()
        let kept = StoredRegistration(
            tokenDigest: SecretDigest(of: Secret(utf8: "x")), expiresAt: provider.clock.now.adding(60), generation: "")
        for number in 0..<5000 {
            let client = StoredClient(
                id: "gh_dc_\(number)", description: ClientDescription(), secrets: [], registration: kept,
                createdAt: provider.clock.now)
            #expect(try await provider.clientStore.create(client))
        }
        try await provider.storedClients.follow()
        let response = await register(provider)
        #expect(response.status == 503 && response.error == "temporarily_unavailable")
        // Those whose time is over are deleted in their turn.
        provider.clock.move(by: 60)
        #expect(try await provider.provider.sweep(limit: 100) == 100)
        #expect(await register(provider).status == 201)
    }

    @Test(arguments: ["gh_dc_", "gh_dc_AAAA", "gh_dc_" + String(repeating: "A", count: 20_000)])
    func whatWeNeverRegisteredIsNoClient(id: String) async throws {
        var parameters = TestProvider.parameters
        parameters["client_id"] = id
        #expect(try await TestProvider().get("/auth", parameters).status == 400)
    }

    @Test func aNewTokenEndsTheClients() async throws {
        let provider = try TestProvider()
        let id = try await register(provider).json()["client_id"]?.string ?? ""
        let sealing = SealingKeys(secrets: [Secret(utf8: "0123456789abcdef0123456789abcdef")], purpose: "test")
        let clock = WallClock { provider.clock.now }
        for (token, isKnown) in [(TestProvider.registrationToken, true), ("another-token", false)] {
            var settings = IssuerSettings(issuer: TestProvider.issuer, clients: [])
            settings.registration = ClientRegistration(
                initialAccessToken: Secret(utf8: token), life: 86400, clients: provider.storedClients, sealing: sealing,
                clock: clock)
            #expect(settings.isKnown(id) == isKnown)
        }
    }
}
