import JOSE
import OpenIDConnect
import RelyingParty
import Testing
import Web

/// RFC 9101 and RFC 9126: authorization requests that are signed, or given to the provider first.
struct PreparedRequestTests {
    private let setup: SignInSetup
    private let key: SigningKey
    private let request = AuthorizationRequest(
        redirectURI: "https://app.example/callback", state: "state-1", nonce: "nonce-1", codeChallenge: "challenge-1")

    init() throws {
        setup = try SignInSetup()
        key = try SigningKey.generate(.es256)
        setup.provider.change { script in
            script.metadata["pushed_authorization_request_endpoint"] = .string(script.issuer + "/par")
        }
    }

    private func party(_ change: (inout ProviderClient) -> Void) -> RelyingParty {
        setup.relyingParty { client in
            client.clientKey = ClientKey(key: key, id: "our-key")
            change(&client)
        }
    }

    private func query(_ url: String) throws -> FormFields {
        try #require(FormFields(query: url.drop { $0 != "?" }.dropFirst()))
    }

    @Test func aPushedRequestLeavesAReferenceInTheBrowser() async throws {
        let party = party { $0.authorization.pushing = .always }
        let url = try await party.authorizationURL(request)
        #expect(try query(url).fields.map { "\($0.name)=\($0.value)" } == ["client_id=gatehouse", "request_uri=urn:example:1"])
        let pushed = try #require(setup.provider.requests("/par").first)
        let form = try #require(FormFields(body: pushed.body))
        #expect(form.all("state") == ["state-1"] && form.all("code_challenge") == ["challenge-1"])
        #expect(form.repeatedName == nil && pushed.headers.first("authorization")?.hasPrefix("Basic ") == true)
        #expect(party.cachedAuthorizationURL(request) == nil)
    }

    @Test(arguments: [(true, true), (false, false)])
    func byItselfItIsPushedWhereTheProviderRequiresIt(isRequired: Bool, isPushed: Bool) async throws {
        setup.provider.change { $0.metadata["require_pushed_authorization_requests"] = .bool(isRequired) }
        let url = try await party { _ in }.authorizationURL(request)
        #expect((try query(url).first("request_uri") != nil) == isPushed)
    }

    @Test(arguments: [
        TestProvider.json(["error": "invalid_request"], status: 400), TestProvider.json(["expires_in": 60], status: 201),
        TestProvider.json(["request_uri": ""], status: 201), WebResponse(status: 503),
    ])
    func aRefusedPushSendsNobodyAnywhere(reply: WebResponse) async throws {
        setup.provider.change { $0.pushedReply = reply }
        await #expect(throws: UpstreamFailure.self) {
            try await party { $0.authorization.pushing = .always }.authorizationURL(request)
        }
    }

    @Test func aPushNeedsTheEndpoint() async throws {
        setup.provider.change { $0.metadata["pushed_authorization_request_endpoint"] = .null }
        await #expect(throws: UpstreamFailure.self) {
            try await party { $0.authorization.pushing = .always }.authorizationURL(request)
        }
    }

    @Test func aSignedRequestHoldsEveryParameter() async throws {
        let party = party { client in
            client.authorization.isSigned = true
            client.authorization.maxAge = 60
            client.authorization.resources = ["https://a.example", "https://b.example"]
        }
        let fields = try query(try await party.authorizationURL(request))
        #expect(fields.fields.map(\.name) == ["client_id", "response_type", "scope", "request"])
        let token = try JSONWebSignature(compact: try #require(fields.first("request")))
        #expect(token.isSigned(by: key.published, algorithm: .es256) && token.keyID == "our-key")
        #expect(token.type == "oauth-authz-req+jwt")
        let claims = token.claims
        #expect(claims["iss"] == "gatehouse" && claims["aud"] == .string(setup.provider.issuer))
        #expect(claims["state"] == "state-1" && claims["nonce"] == "nonce-1" && claims["max_age"] == 60)
        #expect(claims["resource"] == ["https://a.example", "https://b.example"])
        #expect(claims["exp"]?.integer == setup.clock.now.adding(300).seconds)
    }

    @Test func aSignedRequestCanBePushed() async throws {
        let party = party { client in
            client.authorization.isSigned = true
            client.authorization.pushing = .always
        }
        #expect(try query(try await party.authorizationURL(request)).first("request_uri") == "urn:example:1")
        let pushed = try #require(setup.provider.requests("/par").first)
        let form = try #require(FormFields(body: pushed.body))
        #expect(form.first("request") != nil && form.first("state") == nil)
    }
}
