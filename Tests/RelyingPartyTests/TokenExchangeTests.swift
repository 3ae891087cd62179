import JOSE
import OpenIDConnect
import RelyingParty
import Testing
import Web

/// RFC 8693: another token for the access token of a sign-in.
struct TokenExchangeTests {
    private let setup: SignInSetup

    init() throws { setup = try SignInSetup() }

    private static let target = ExchangeTarget(
        audiences: ["orders", "stock"], resources: ["https://orders.example"], scopes: ["read", "write"])

    private static func reply(_ changes: [(String, JSONValue?)] = []) -> WebResponse {
        var members = JSONObject([
            ("access_token", "other-1"), ("issued_token_type", "urn:ietf:params:oauth:token-type:access_token"),
            ("token_type", "Bearer"), ("expires_in", 60), ("scope", "read write more"),
        ])
        for (name, value) in changes { members[name] = value }
        return TestProvider.json(.object(members))
    }

    private func exchange(
        _ reply: WebResponse, target: ExchangeTarget = target, _ change: (inout ProviderClient) -> Void = { _ in }
    ) async -> TokenExchangeOutcome {
        setup.provider.change { $0.tokenReply = reply }
        return await setup.relyingParty(change).exchange(accessToken: Secret(utf8: "access-1"), for: target)
    }

    @Test func theRequestSaysWhatIsExchangedForWhat() async throws {
        let outcome = await exchange(Self.reply())
        #expect(outcome.issued?.token.text == "other-1" && outcome.issued?.expiresIn == 60)
        let request = try #require(setup.provider.requests("/token").first)
        let fields = try #require(FormFields(query: String(decoding: request.body, as: UTF8.self)))
        #expect(fields.first("grant_type") == "urn:ietf:params:oauth:grant-type:token-exchange")
        #expect(fields.first("subject_token") == "access-1")
        #expect(fields.first("subject_token_type") == "urn:ietf:params:oauth:token-type:access_token")
        #expect(fields.all("audience") == ["orders", "stock"])
        #expect(fields.all("resource") == ["https://orders.example"])
        #expect(fields.first("scope") == "read write")
        #expect(fields.first("requested_token_type") == "urn:ietf:params:oauth:token-type:access_token")
        #expect(request.headers.first("authorization")?.hasPrefix("Basic ") == true)
    }

    @Test func theClientAuthenticatesAndProvesAsEverywhere() async throws {
        let key = try SigningKey.generate(.es256)
        _ = await exchange(Self.reply()) { client in
            client.authenticationMethod = .privateKeyJWT
            client.clientKey = ClientKey(key: key)
            client.dpopKey = key
        }
        let request = try #require(setup.provider.requests("/token").first)
        let fields = try #require(FormFields(query: String(decoding: request.body, as: UTF8.self)))
        #expect(fields.first("client_assertion") != nil && fields.first("client_id") == "gatehouse")
        let proof = try JSONWebSignature(compact: try #require(request.headers.first("dpop")))
        #expect(proof.isSigned(by: key.published, algorithm: .es256))
    }

    @Test(
        arguments: [
            ("access_token", nil, "access_token"), ("access_token", "", "access_token"), ("access_token", 5, "access_token"),
            ("access_token", "a b", "access_token"), ("access_token", "a\r\nx: y", "access_token"),
            ("access_token", "é", "access_token"),
            ("access_token", .string(String(repeating: "t", count: 8193)), "size"),
            ("issued_token_type", nil, "issued_token_type"),
            ("issued_token_type", "urn:ietf:params:oauth:token-type:jwt", "issued_token_type"),
            ("issued_token_type", "access_token", "issued_token_type"),
            ("token_type", nil, "token_type"), ("token_type", "mac", "token_type"), ("token_type", "DPoP", "token_type"),
            ("token_type", "N_A", "token_type"),
            ("expires_in", 0, "expires_in"), ("expires_in", -5, "expires_in"), ("expires_in", "60", "expires_in"),
            ("expires_in", .number(1e300), "expires_in"),
            ("scope", "read", "scope"), ("scope", ["read", "write"], "scope"),
        ] as [(String, JSONValue?, String)])
    func aReplyThatDoesNotFitIsRefused(name: String, value: JSONValue?, check: String) async {
        let outcome = await exchange(Self.reply([(name, value)]))
        #expect(outcome.refusedCheck == check)
    }

    @Test(
        arguments: [
            ([("expires_in", nil)], nil), ([("scope", nil)], 60), ([("token_type", "bearer")], 60),
            ([("access_token", .string(String(repeating: "t", count: 8192)))], 60),
        ] as [([(String, JSONValue?)], Int64?)])
    func whatMayBeMissingMayBeMissing(changes: [(String, JSONValue?)], expiresIn: Int64?) async throws {
        #expect(try #require(await exchange(Self.reply(changes)).issued).expiresIn == expiresIn)
    }

    @Test func aTokenThatIsNoAccessTokenHasNoTokenType() async {
        let target = ExchangeTarget(audiences: ["orders"], tokenType: .idToken)
        let reply = Self.reply([("issued_token_type", "urn:ietf:params:oauth:token-type:id_token"), ("token_type", "N_A")])
        #expect(await exchange(reply, target: target).issued != nil)
    }

    @Test(
        arguments: [
            (400, ["error": "invalid_target"], "invalid_target"), (403, ["error": "access_denied"], "access_denied"),
            (401, ["error": "invalid_client"], "invalid_client"),
        ] as [(Int, JSONValue, String)])
    func theProvidersNoIsOne(status: Int, body: JSONValue, code: String) async {
        let outcome = await exchange(TestProvider.json(body, status: status))
        #expect(outcome.refusal == .provider(ProviderRefusal(code: code)))
    }

    @Test(
        arguments: [
            (500, ["error": "invalid_target"]), (503, [:]), (429, ["error": "slow_down"]), (400, [:]), (302, [:]), (200, []),
        ] as [(Int, JSONValue)])
    func whatIsNoAnswerIsAFailure(status: Int, body: JSONValue) async {
        let outcome = await exchange(TestProvider.json(body, status: status))
        var isFailure = false
        if case .failed = outcome { isFailure = true }
        #expect(isFailure, "\(outcome)")
    }

    @Test func targetsDifferByTheirText() {
        #expect(ExchangeTarget(audiences: ["a", "b"]).text != ExchangeTarget(audiences: ["a b"]).text)
        #expect(ExchangeTarget(audiences: ["a"]).text != ExchangeTarget(resources: ["a"]).text)
        #expect(ExchangeTarget(audiences: ["a"]).text != ExchangeTarget(audiences: ["a"], tokenType: .jwt).text)
    }
}

extension TokenExchangeOutcome {
    fileprivate var issued: IssuedToken? { if case .issued(let token) = self { token } else { nil } }
    fileprivate var refusal: TokenExchangeRefusal? { if case .refused(let refusal) = self { refusal } else { nil } }
    fileprivate var refusedCheck: String? { if case .reply(let check, _, _) = refusal { check } else { nil } }
}
