import JOSE
import OpenIDProvider
import Storage
import Testing
import Web

/// What a registered client reads, changes and deletes at its own place (RFC 7592).
struct ClientConfigurationTests {
    private static let usual: JSONObject = JSONObject([
        ("client_name", "Notes"), ("redirect_uris", [.string(TestProvider.callback)]),
        ("grant_types", ["authorization_code", "refresh_token"]), ("scope", "openid email offline_access"),
    ])

    /// A client that has registered itself, as it was told.
    private struct Registered {
        let provider: TestProvider
        var told: JSONObject

        var id: String { told["client_id"]?.string ?? "" }
        var secret: String { told["client_secret"]?.string ?? "" }
        var place: String { "/register/" + id }

        init(_ provider: TestProvider, _ metadata: JSONObject = usual) async throws {
            self.provider = provider
            let response = await provider.send(
                "POST", "/register", headers: ["authorization": "Bearer \(TestProvider.registrationToken)"],
                body: JSONValue.object(metadata).jsonText)
            told = try response.json()
        }

        func ask(_ method: String, _ body: JSONObject? = nil, token: String? = nil, at place: String? = nil) async -> WebResponse
        {
            let token = token ?? told["registration_access_token"]?.string ?? ""
            return await provider.send(
                method, place ?? self.place, headers: ["authorization": "Bearer \(token)"],
                body: body.map { JSONValue.object($0).jsonText } ?? "")
        }

        /// A change to exactly this, and what it says beside the client's id.
        func put(_ metadata: JSONObject, _ more: [String: JSONValue] = [:]) async -> WebResponse {
            var body = metadata
            body["client_id"] = .string(id)
            for (name, value) in more { body[name] = value }
            return await ask("PUT", body)
        }

        func tokens() async throws -> Tokens {
            let browser = SSOBrowser(provider)
            let question = try await browser.signIn(["client_id": id, "scope": "openid offline_access"])
            let done = try await browser.submit(question, ["decision": "allow"])
            let request = TestProvider.codeRequest(try #require(done.code))
            return try Tokens(await provider.token(request, as: TestProvider.basic(id, secret)))
        }

        func refresh(_ token: String?) async -> WebResponse {
            await provider.token(
                ["grant_type": "refresh_token", "refresh_token": token ?? ""], as: TestProvider.basic(id, secret))
        }

        /// Whether this secret is right.
        func isRight(_ secret: String) async -> Bool {
            await provider.token(
                ["grant_type": "refresh_token", "refresh_token": "x"], as: TestProvider.basic(id, secret)
            ).error == "invalid_grant"
        }
    }

    @Test func aClientReadsWhatItWasTold() async throws {
        let client = try await Registered(try TestProvider())
        #expect(client.told["registration_client_uri"]?.string == "\(TestProvider.issuer)/register/\(client.id)")
        let response = await client.ask("GET")
        #expect(response.status == 200 && response.headers.first("cache-control") == "no-store")
        #expect(try response.json() == client.told)
    }

    @Test func theTokenIsNotInTheStore() async throws {
        let provider = try TestProvider()
        let client = try await Registered(provider)
        let token = client.told["registration_access_token"]?.string ?? ""
        let stored = try #require(await provider.clientStore.documents(since: nil)?.documents.first)
        let text = stored.content.jsonText
        #expect(!text.contains(token) && !text.contains(client.secret))
        #expect(stored.registration?.tokenDigest == SecretDigest(of: Secret(utf8: token)))
    }

    @Test func whatIsLeftOutIsGone() async throws {
        let provider = try TestProvider()
        let client = try await Registered(provider)
        provider.clock.move(by: 100)
        let bare = JSONObject([("redirect_uris", ["https://new.example.com/cb"]), ("client_name", .null)])
        let response = await client.put(bare, ["client_secret": .string(client.secret)])
        #expect(response.status == 200)
        let told = try response.json()
        #expect(told["redirect_uris"]?.stringList == ["https://new.example.com/cb"])
        #expect(told["client_name"] == "Registered application" && told["scope"] == nil)
        #expect(told["grant_types"]?.stringList == ["authorization_code"])
        #expect(told["client_secret"]?.string == client.secret)
        #expect(told["registration_access_token"] == client.told["registration_access_token"])
        #expect(told["client_id_issued_at"] == client.told["client_id_issued_at"])
        #expect(told["client_secret_expires_at"]?.integer == provider.clock.now.seconds + 86400, "its time begins anew")
        let old = SSOBrowser(provider)
        #expect(await old.authorize(["client_id": client.id]).status == 400, "the redirect URI before")
        #expect(try await client.ask("GET").json() == told)
    }

    @Test func whoDoesNotNameTheSecretGetsAnother() async throws {
        let client = try await Registered(try TestProvider())
        let second = try await client.put(Self.usual).json()["client_secret"]?.string ?? ""
        #expect(second != client.secret)
        #expect(await client.isRight(second))
        #expect(await !client.isRight(client.secret))
        #expect(await client.put(Self.usual, ["client_secret": .string(client.secret)]).error == "invalid_client_metadata")
    }

    @Test func aSecretDoesNotComeBack() async throws {
        let client = try await Registered(try TestProvider())
        var signing = Self.usual
        signing["token_endpoint_auth_method"] = "none"
        let told = try await client.put(signing, ["client_secret": .string(client.secret)]).json()
        #expect(told["client_secret"] == nil && told["token_endpoint_auth_method"] == "none")
        #expect(await !client.isRight(client.secret))
        let again = try await client.put(Self.usual).json()["client_secret"]?.string
        #expect(again != nil && again != client.secret)
        #expect(await !client.isRight(client.secret))
    }

    @Test func aDeletedClientIsNone() async throws {
        let provider = try TestProvider()
        let client = try await Registered(provider)
        let tokens = try await client.tokens()
        #expect(await client.refresh(tokens.refresh).status == 200)
        let response = await client.ask("DELETE")
        #expect(response.status == 204 && response.body.isEmpty && response.headers.first("cache-control") == "no-store")
        #expect(await client.refresh(tokens.refresh).error == "invalid_client")
        #expect(await client.ask("GET").status == 401)
        #expect(await client.ask("DELETE").status == 401)
        #expect(await provider.get("/userinfo", headers: ["authorization": "Bearer \(tokens.access)"]).status == 401)
        #expect(await SSOBrowser(provider).authorize(["client_id": client.id]).status == 400)
        #expect(try await provider.clientStore.documents(since: nil)?.documents.isEmpty == true)
        let grants = try await provider.provider.grants.list(GrantSelection(client: client.id), limit: 10)
        #expect(grants.isEmpty)
    }

    @Test(arguments: ["", "wrong", TestProvider.registrationToken])
    func anotherTokenIsRefused(token: String) async throws {
        let client = try await Registered(try TestProvider())
        for method in ["GET", "PUT", "DELETE"] {
            let response = await client.ask(method, token: token)
            #expect(response.status == 401 && response.error == "invalid_token")
            #expect(response.headers.first("www-authenticate") == "Bearer realm=\"registration\"")
        }
        #expect(await client.ask("GET").status == 200)
    }

    @Test func aTokenIsForItsOwnClient() async throws {
        let provider = try TestProvider()
        let (first, second) = (try await Registered(provider), try await Registered(provider))
        #expect(await first.ask("GET", at: second.place).status == 401)
        #expect(await first.ask("DELETE", at: "/register/app").status == 401)
        #expect(await first.ask("GET", at: "/register/gh_dc_nobody").status == 401)
        #expect(await second.ask("GET").status == 200)
    }

    @Test func anAdministratorCanDisableIt() async throws {
        let provider = try TestProvider()
        let client = try await Registered(provider)
        let accounts = try #require(provider.provider.clients)
        #expect(!accounts.takesNew && accounts.all.map(\.id) == [client.id])
        _ = try await accounts.change(id: client.id) { description in
            description.isDisabled = true
            return nil
        }
        for method in ["GET", "PUT", "DELETE"] {
            let response = await client.ask(method)
            #expect(response.status == 403 && response.error == "access_denied")
        }
        #expect(await client.refresh("x").error == "invalid_client")
        // What an administrator says of a client outlives what the client says.
        _ = try await accounts.change(id: client.id) { description in
            (description.isDisabled, description.groups) = (false, ["staff"])
            return nil
        }
        #expect(await client.put(Self.usual).status == 200)
        #expect(accounts.client(client.id)?.description.groups == ["staff"])
    }

    @Test(arguments: ["POST", "PATCH", "OPTIONS"])
    func otherMethods(method: String) async throws {
        let client = try await Registered(try TestProvider())
        let response = await client.ask(method)
        #expect(response.status == 405 && response.headers.first("allow") == "GET, PUT, DELETE")
    }

    static let refused: [(change: [String: JSONValue], error: String)] = [
        (["client_id": "gh_dc_other"], "invalid_client_metadata"), (["client_id": .null], "invalid_client_metadata"),
        (["client_secret": "of my own choice"], "invalid_client_metadata"), (["client_secret": 7], "invalid_client_metadata"),
        (["registration_access_token": "x"], "invalid_client_metadata"),
        (["registration_client_uri": "https://x.example/"], "invalid_client_metadata"),
        (["client_secret_expires_at": 0], "invalid_client_metadata"), (["client_id_issued_at": 0], "invalid_client_metadata"),
        (["redirect_uris": ["http://app.example.com/"]], "invalid_redirect_uri"),
        (["redirect_uris": .null], "invalid_redirect_uri"),
        (["grant_types": ["client_credentials"]], "invalid_client_metadata"),
        (["jwks_uri": "https://app.example.com/jwks"], "invalid_client_metadata"),
        (["token_endpoint_auth_method": "private_key_jwt"], "invalid_client_metadata"),
    ]

    @Test(arguments: refused.indices)
    func oneThingWrong(row: Int) async throws {
        let client = try await Registered(try TestProvider())
        let response = await client.put(Self.usual, Self.refused[row].change)
        #expect(response.status == 400 && response.error == Self.refused[row].error, "\(Self.refused[row])")
        #expect(try await client.ask("GET").json() == client.told, "nothing has changed")
    }

    @Test func aBodyThatIsNoObject() async throws {
        let provider = try TestProvider()
        let client = try await Registered(provider)
        let token = client.told["registration_access_token"]?.string ?? ""
        for body in ["", "[]", "{", "null"] {
            let response = await provider.send("PUT", client.place, headers: ["authorization": "Bearer \(token)"], body: body)
            #expect(response.status == 400 && response.error == "invalid_client_metadata")
        }
    }

    @Test func itsTimeEnds() async throws {
        let provider = try TestProvider()
        let client = try await Registered(provider)
        provider.clock.move(by: 86399)
        #expect(await client.ask("GET").status == 200)
        provider.clock.move(by: 1)
        #expect(await client.ask("GET").status == 401)
        #expect(try await provider.provider.sweep(limit: 10) > 0)
        #expect(try await provider.clientStore.documents(since: nil)?.documents.isEmpty == true)
    }

    @Test func aClientThatHasRegisteredElsewhereIsFound() async throws {
        let (here, there) = (try TestProvider(), try TestProvider())
        let client = try await Registered(there)
        let stored = try #require(await there.clientStore.documents(since: nil)?.documents.first)
        #expect(try await here.clientStore.create(stored))
        let token = client.told["registration_access_token"]?.string ?? ""
        let response = await here.send("GET", client.place, headers: ["authorization": "Bearer \(token)"])
        #expect(try response.json() == client.told)
    }
}
