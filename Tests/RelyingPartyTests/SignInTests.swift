import Accounts
import JOSE
import OpenIDConnect
import RelyingParty
import Testing
import Web

struct SignInTests {
    private let setup: SignInSetup

    init() throws { setup = try SignInSetup() }

    private func tokenRequest() throws -> WebRequest {
        try #require(setup.provider.requests.first { $0.path.hasSuffix("/token") })
    }

    @Test func codeIsExchangedWithItsVerifier() async throws {
        _ = await setup.relyingParty().signIn()
        let request = try tokenRequest()
        let fields = try #require(FormFields(body: request.body))
        #expect(request.method == "POST")
        #expect(request.headers.all("content-type") == ["application/x-www-form-urlencoded"])
        #expect(
            fields.fields.map { "\($0.name)=\($0.value)" } == [
                "grant_type=authorization_code", "code=code-1", "redirect_uri=https://app.example/callback",
                "code_verifier=verifier-1",
            ])
    }

    @Test func tokensAndIdentityComeBack() async throws {
        let signedIn = try #require(await setup.relyingParty().signIn().signedIn)
        #expect(signedIn.identity.subject == "user-1" && signedIn.identity.email == "admin@example.com")
        #expect(signedIn.tokens.accessToken.text == "access-1" && signedIn.tokens.refreshToken?.text == "refresh-1")
    }

    /// RFC 9207 §2.4.
    @Test(
        arguments: [
            (nil, false, false), (nil, true, true), ("https://issuer.example/dex", true, false),
            ("https://issuer.example/dex", false, false), ("https://issuer.example/dex/", false, true),
            ("https://evil.example", true, true), ("", false, true),
        ] as [(String?, Bool, Bool)])
    func responseIssuerIsHeldAgainstTheProviders(issuer: String?, announced: Bool, isRefused: Bool) async throws {
        setup.provider.change {
            $0.metadata["authorization_response_iss_parameter_supported"] = .bool(announced)
        }
        let outcome = await setup.relyingParty().signIn(issuerParameter: issuer)
        #expect(outcome.refusal == (isRefused ? .responseIssuer : nil))
        // The code of a reply that is another provider's goes nowhere.
        #expect(setup.provider.count("/token") == (isRefused ? 0 : 1))
    }

    static let tokenReplies: [(WebResponse, String?, UpstreamFailure.Kind?)] = [
        (TestProvider.json(["error": "invalid_grant"], status: 400), "invalid_grant", nil),
        (TestProvider.json(["error": "invalid_client"], status: 401), "invalid_client", nil),
        (TestProvider.json(["error": "<script>alert(1)</script>"], status: 400), "unreadable", nil),
        (TestProvider.json(["error": ""], status: 400), "unreadable", nil),
        (TestProvider.json(["error": "invalid_grant"], status: 500), nil, .status(500)),
        (TestProvider.json(["error": "slow"], status: 429), nil, .status(429)),
        (WebResponse(status: 400, body: Array("<html>".utf8)), nil, .status(400)),
        (WebResponse(status: 302, headers: ["location": "https://evil.example"]), nil, .status(302)),
        (WebResponse(status: 200, body: Array("<html>".utf8)), nil, .malformed),
        (TestProvider.json(["access_token": "a"]), nil, .malformed),
        (TestProvider.json(["access_token": "a", "token_type": "mac"]), nil, .malformed),
        (
            WebResponse(status: 200, body: Array(#"{"access_token":"a","access_token":"b","token_type":"Bearer"}"#.utf8)), nil,
            .malformed
        ),
    ]

    @Test(arguments: tokenReplies.indices)
    func tokenEndpointsNoIsToldFromItsFaults(_ index: Int) async throws {
        let (reply, code, failure) = Self.tokenReplies[index]
        setup.provider.change { $0.tokenReply = reply }
        let outcome = await setup.relyingParty().signIn()
        #expect(outcome.failure?.kind == failure)
        #expect(outcome.refusal == code.map { .provider(ProviderRefusal(code: $0)) })
    }

    @Test func refusalsTextIsSanitised() {
        let refusal = ProviderRefusal(
            code: "access_denied", description: "no\r\n\u{1B}[31m<b>" + String(repeating: "x", count: 300))
        #expect(refusal.detail?.utf8.count == 200 && refusal.detail?.hasPrefix("no[31m<b>x") == true)
    }

    @Test func providerThatIsAwayIsAFailure() async {
        setup.provider.change { $0.pathsDown = ["/token"] }
        let failure = await setup.relyingParty().signIn().failure
        #expect(failure?.kind == .status(503) && failure?.isRetryable == true)
    }

    @Test func nothingThatFailsNamesASecret() async {
        setup.provider.change { $0.tokenReply = TestProvider.json(["error": "invalid_grant"], status: 400) }
        let relyingParty = setup.relyingParty()
        let outcome = await relyingParty.signIn()
        let printed = "\(outcome) \(outcome.refusal?.reason ?? "") \(relyingParty) \(String(reflecting: relyingParty.client))"
        #expect(!printed.contains("s3cret") && !printed.contains("code-1") && !printed.contains("verifier-1"))
    }
}
