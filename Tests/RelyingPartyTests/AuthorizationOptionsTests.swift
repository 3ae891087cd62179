import JOSE
import OpenIDConnect
import RelyingParty
import Testing
import Web

/// What a client asks at every sign-in.
struct AuthorizationOptionsTests {
    private let setup: SignInSetup
    private let request = AuthorizationRequest(
        redirectURI: "https://app.example/callback", state: "state-1", nonce: "nonce-1", codeChallenge: "challenge-1")

    init() throws { setup = try SignInSetup() }

    private func parameters(
        _ request: AuthorizationRequest, _ change: (inout AuthorizationOptions) -> Void
    ) async throws -> FormFields {
        let party = setup.relyingParty { change(&$0.authorization) }
        let url = try await party.authorizationURL(request)
        return try #require(FormFields(query: url.drop { $0 != "?" }.dropFirst()))
    }

    @Test func everyOptionIsAsked() async throws {
        let fields = try await parameters(request) { options in
            options.responseMode = .formPost
            options.prompt = "consent"
            options.maxAge = 60
            options.acrValues = ["mfa", "phr"]
            options.uiLocales = ["de"]
            options.audience = "api"
            options.resources = ["https://a.example", "https://b.example"]
            options.furtherParameters = [("domain_hint", "example.com"), ("state", "evil")]
        }
        let expected = [
            "response_mode": ["form_post"], "prompt": ["consent"], "max_age": ["60"], "acr_values": ["mfa phr"],
            "ui_locales": ["de"], "audience": ["api"], "resource": ["https://a.example", "https://b.example"],
            "domain_hint": ["example.com"], "state": ["state-1"],
        ]
        #expect(expected.allSatisfy { fields.all($0.key) == $0.value })
    }

    @Test func theRequestsOwnWishesComeFirst() async throws {
        var request = request
        (request.prompt, request.maxAge, request.acrValues) = ("login", 0, ["phr"])
        let fields = try await parameters(request) { options in
            (options.prompt, options.maxAge, options.acrValues) = ("consent", 60, ["mfa"])
        }
        #expect(fields.all("prompt") == ["login"] && fields.all("max_age") == ["0"] && fields.all("acr_values") == ["phr"])
    }

    @Test(
        arguments: [
            (nil, "select_account"), (["none", "login", "select_account"], "select_account"), (["none", "login"], "login"),
        ] as [([String]?, String)])
    func anotherAccountIsAskedForAsTheProviderKnowsIt(known: [String]?, prompt: String) async throws {
        setup.provider.change { $0.metadata["prompt_values_supported"] = known.map { .strings($0) } }
        var request = request
        request.prompt = "select_account"
        #expect(try await parameters(request) { _ in }.all("prompt") == [prompt])
    }

    @Test func maxAgeOfTheClientIsHeld() async throws {
        let party = setup.relyingParty { $0.authorization.maxAge = 60 }
        #expect(await party.signIn().refusedCheck == "auth_time")
    }

    @Test func aReplyWithoutIssuerIsRefusedWhereTheClientSaysSo() async throws {
        let party = setup.relyingParty { $0.requiresResponseIssuer = true }
        #expect(await party.signIn().refusal == .responseIssuer)
        #expect(await party.signIn(issuerParameter: setup.provider.issuer).signedIn != nil)
    }
}
