import JOSE
import OpenIDConnect
import RelyingParty
import Testing
import Web

struct AuthorizationURLTests {
    private let setup: SignInSetup
    private var request = AuthorizationRequest(
        redirectURI: "https://app.example/callback", state: "s t", nonce: "nonce-1", codeChallenge: "challenge-1")

    init() throws { setup = try SignInSetup() }

    private func parameters(_ request: AuthorizationRequest) async throws -> [String] {
        let url = try await setup.relyingParty().authorizationURL(request)
        let query = try #require(url.split(separator: "?", maxSplits: 1).last)
        return try #require(FormFields(query: query)).fields.map { "\($0.name)=\($0.value)" }
    }

    private static let usual = [
        "client_id=gatehouse", "redirect_uri=https://app.example/callback", "response_type=code", "scope=openid email",
        "state=s t", "nonce=nonce-1", "code_challenge=challenge-1", "code_challenge_method=S256",
    ]

    @Test func codeFlowWithPKCE() async throws {
        #expect(try await parameters(request) == Self.usual)
    }

    @Test func optionalParameters() async throws {
        var request = request
        request.prompt = "login"
        request.maxAge = 300
        request.acrValues = ["mfa", "pwd"]
        request.loginHint = "a&b=c@example.com"
        request.uiLocales = ["de", "en"]
        request.furtherParameters = [("resource", "https://api.example"), ("hd", "example.com")]
        #expect(
            try await parameters(request) == Self.usual + [
                "prompt=login", "max_age=300", "acr_values=mfa pwd", "login_hint=a&b=c@example.com", "ui_locales=de en",
                "resource=https://api.example", "hd=example.com",
            ])
    }

    @Test(arguments: ["redirect_uri", "state", "code_challenge_method", "request", "scope", "response_mode"])
    func furtherParametersReplaceNothing(name: String) async throws {
        var request = request
        request.furtherParameters = [(name, "evil")]
        #expect(try await parameters(request) == Self.usual)
    }

    @Test func ownScopesOfTheRequest() async throws {
        var request = request
        request.scopes = Scope(["openid"])
        #expect(try await parameters(request).contains("scope=openid"))
    }

    @Test func endpointsOwnQueryStays() async throws {
        setup.provider.change { $0.metadata["authorization_endpoint"] = "https://issuer.example/auth?tenant=a" }
        let url = try await setup.relyingParty().authorizationURL(request)
        #expect(url.hasPrefix("https://issuer.example/auth?tenant=a&client_id=gatehouse&"))
    }

    @Test func cachedURLIsThereOnceTheMetadataAre() async throws {
        let relyingParty = setup.relyingParty()
        #expect(relyingParty.cachedAuthorizationURL(request) == nil)
        let url = try await relyingParty.authorizationURL(request)
        #expect(relyingParty.cachedAuthorizationURL(request) == url)
        setup.clock.advance(3600)
        #expect(relyingParty.cachedAuthorizationURL(request) == nil)
    }

    @Test func cachedURLIsStaleWhileTheProviderIsAway() async throws {
        let relyingParty = setup.relyingParty()
        _ = try await relyingParty.authorizationURL(request)
        setup.provider.change { $0.pathsDown = ["/.well-known/openid-configuration"] }
        setup.clock.advance(3600)
        _ = try await relyingParty.authorizationURL(request)
        #expect(relyingParty.cachedAuthorizationURL(request) != nil)
    }

    @Test func endSessionURL() async {
        setup.provider.change { $0.metadata["end_session_endpoint"] = "https://issuer.example/logout" }
        let url = await setup.relyingParty().endSessionURL(
            idTokenHint: Secret(utf8: "a.b.c"), postLogoutRedirectURI: "https://app.example/", state: nil)
        #expect(
            url == "https://issuer.example/logout?client_id=gatehouse&id_token_hint=a.b.c"
                + "&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2F")
    }

    @Test func noEndSessionURLWithoutTheEndpoint() async {
        #expect(await setup.relyingParty().endSessionURL(idTokenHint: nil, postLogoutRedirectURI: nil, state: nil) == nil)
    }
}
