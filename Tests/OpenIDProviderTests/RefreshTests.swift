import JOSE
import OpenIDProvider
import Testing
import Web

/// Cases of `/token` with a refresh token.
struct RefreshTests {
    @Test func everyUseMakesANewToken() async throws {
        let provider = try TestProvider()
        var tokens = try await provider.tokens()
        var seen: Set<String> = []
        for _ in 0..<5 {
            provider.clock.move(by: 60)
            tokens = try Tokens(await provider.refresh(tokens.refresh ?? ""))
            seen.insert(tokens.refresh ?? "")
        }
        #expect(seen.count == 5)
    }

    @Test func withoutOfflineAccessThereIsNone() async throws {
        var parameters = TestProvider.parameters
        parameters["scope"] = "openid email"
        #expect(try await TestProvider().tokens(parameters).refresh == nil)
    }

    @Test func withinTheWindowTheOldTokenGetsTheNewestAgain() async throws {
        let provider = try TestProvider()
        let first = try await provider.tokens().refresh ?? ""
        let second = try Tokens(await provider.refresh(first)).refresh
        provider.clock.move(by: 9)
        #expect(try Tokens(await provider.refresh(first)).refresh == second)
        #expect(await provider.refresh(second ?? "").status == 200)
    }

    @Test func afterTheWindowTheFamilyEnds() async throws {
        let provider = try TestProvider()
        let first = try await provider.tokens().refresh ?? ""
        let second = try Tokens(await provider.refresh(first))
        provider.clock.move(by: 10)
        #expect(await provider.refresh(first).error == "invalid_grant")
        #expect(await provider.refresh(second.refresh ?? "").error == "invalid_grant")
        #expect(await provider.get("/userinfo", headers: second.bearer).status == 401)
    }

    @Test func aTokenTwoGenerationsOldEndsTheFamilyAtOnce() async throws {
        let provider = try TestProvider()
        let first = try await provider.tokens().refresh ?? ""
        let second = try Tokens(await provider.refresh(first)).refresh ?? ""
        let third = try Tokens(await provider.refresh(second)).refresh ?? ""
        #expect(await provider.refresh(first).error == "invalid_grant")
        #expect(await provider.refresh(third).error == "invalid_grant")
    }

    @Test func ofManyAtTheSameInstantOneRotates() async throws {
        let provider = try TestProvider()
        let first = try await provider.tokens().refresh ?? ""
        let successors = try await withThrowingTaskGroup(of: String?.self) { group in
            for _ in 0..<16 { group.addTask { try Tokens(await provider.refresh(first)).refresh } }
            return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
        }
        #expect(successors.count == 1)
    }

    @Test(arguments: ["", "AAAA", String(repeating: "A", count: 96)])
    func whatWeNeverIssuedIsRefused(token: String) async throws {
        let response = try await TestProvider().refresh(token)
        #expect(response.status == 400)
        #expect(response.error == (token.isEmpty ? "invalid_request" : "invalid_grant"))
    }

    @Test func aForgedGenerationEndsNothing() async throws {
        let provider = try TestProvider()
        let token = try await provider.tokens().refresh ?? ""
        var bytes = try #require(Base64URL.decode(token))
        bytes[39] = 0
        #expect(await provider.refresh(Base64URL.encode(bytes)).error == "invalid_grant")
        #expect(await provider.refresh(token).status == 200)
    }

    @Test func anotherClientsTokenIsUnknownAndStaysUsable() async throws {
        let provider = try TestProvider()
        let token = try await provider.tokens().refresh ?? ""
        let stolen = await provider.token(
            ["grant_type": "refresh_token", "refresh_token": token], as: TestProvider.basic("other", "other"))
        #expect(stolen.error == "invalid_grant")
        #expect(await provider.refresh(token).status == 200)
    }

    @Test func theScopeMayBeNarrowed() async throws {
        let provider = try TestProvider()
        let narrow = try Tokens(await provider.refresh(try await provider.tokens().refresh ?? "", ["scope": "openid email"]))
        #expect(narrow.scope == "openid email")
        #expect(try await provider.get("/userinfo", headers: narrow.bearer).json()["groups"] == nil)
        #expect(try Tokens(await provider.refresh(narrow.refresh ?? "")).scope?.contains("groups") == true)
    }

    @Test(arguments: ["openid groups", "openid \"", "groups"])
    func theScopeMayNotBeWidened(scope: String) async throws {
        let provider = try TestProvider()
        var parameters = TestProvider.parameters
        parameters["scope"] = "openid email offline_access"
        let token = try await provider.tokens(parameters).refresh ?? ""
        #expect(await provider.refresh(token, ["scope": scope]).error == "invalid_scope")
        #expect(await provider.refresh(token).status == 200)
    }

    @Test func aDisabledUserGetsNothingMore() async throws {
        let provider = try TestProvider()
        let tokens = try await provider.tokens()
        provider.connector.set(.disabled)
        #expect(await provider.refresh(tokens.refresh ?? "").error == "invalid_grant")
        provider.connector.set(.normal)
        #expect(await provider.refresh(tokens.refresh ?? "").error == "invalid_grant")
        #expect(await provider.get("/userinfo", headers: tokens.bearer).status == 401)
    }

    @Test func aConnectorThatIsAwayEndsNothing() async throws {
        let provider = try TestProvider()
        let token = try await provider.tokens().refresh ?? ""
        provider.connector.set(.failing)
        #expect(await provider.refresh(token).status == 503)
        provider.connector.set(.normal)
        #expect(await provider.refresh(token).status == 200)
    }

    @Test func theIdleTimeEndsAToken() async throws {
        let provider = try TestProvider(lifetimes: TokenLifetimes(refreshIdle: 100, refreshLifetime: 1000))
        let token = try await provider.tokens().refresh ?? ""
        provider.clock.move(by: 99)
        let next = try Tokens(await provider.refresh(token)).refresh ?? ""
        provider.clock.move(by: 100)
        #expect(await provider.refresh(next).error == "invalid_grant")
    }

    @Test func theLifetimeEndsAFamily() async throws {
        let provider = try TestProvider(lifetimes: TokenLifetimes(refreshIdle: 600, refreshLifetime: 1000))
        var token = try await provider.tokens().refresh ?? ""
        provider.clock.move(by: 500)
        token = try Tokens(await provider.refresh(token)).refresh ?? ""
        provider.clock.move(by: 500)
        #expect(await provider.refresh(token).error == "invalid_grant")
    }

    @Test(arguments: [
        (ClientLifetimes(refreshIdle: 50), 49, 50), (ClientLifetimes(refreshIdle: 5000, refreshLifetime: 70), 69, 70),
        (ClientLifetimes(idToken: 60), 99, 100),
    ])
    func aClientHasLifetimesOfItsOwn(own: ClientLifetimes, good: Int64, over: Int64) async throws {
        var clients = TestProvider.clients
        clients[0].lifetimes = own
        for (wait, status) in [(good, 200), (over, 400)] {
            let provider = try TestProvider(
                lifetimes: TokenLifetimes(refreshIdle: 100, refreshLifetime: 1000), clients: clients)
            let token = try await provider.tokens().refresh ?? ""
            provider.clock.move(by: wait)
            #expect(await provider.refresh(token).status == status)
        }
    }

    @Test func theRefreshedIDTokenIsOfTheSameSignIn() async throws {
        let provider = try TestProvider()
        let tokens = try await provider.tokens()
        provider.clock.move(by: 100)
        let first = try JSONWebSignature(compact: tokens.id).claims
        let second = try JSONWebSignature(compact: try Tokens(await provider.refresh(tokens.refresh ?? "")).id).claims
        for claim in ["iss", "sub", "aud", "auth_time", "sid"] { #expect(first[claim] == second[claim]) }
        #expect(second["iat"]?.integer == provider.clock.now.seconds)
        // OpenID Connect Core §12.2
        #expect(second["nonce"] == nil)
    }
}
