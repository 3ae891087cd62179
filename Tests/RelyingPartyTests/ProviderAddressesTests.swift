import JOSE
import OpenIDConnect
import RelyingParty
import Testing
import Web

/// Where a provider is reached that is not where its metadata say.
struct ProviderAddressesTests {
    private let setup: SignInSetup
    private var issuer: String { setup.provider.issuer }

    init() throws { setup = try SignInSetup() }

    private var request: AuthorizationRequest {
        AuthorizationRequest(redirectURI: "https://app.example/cb", state: "s", nonce: "n", codeChallenge: "c")
    }

    @Test func endpointsByHandNeedNoDiscovery() async throws {
        let party = setup.relyingParty { client in
            client.addresses.authorization = issuer + "/auth"
            client.addresses.token = issuer + "/token"
            client.addresses.keys = issuer + "/keys"
        }
        #expect(try await party.authorizationURL(request).hasPrefix(issuer + "/auth?"))
        #expect(await party.signIn().signedIn != nil)
        #expect(setup.provider.count("/.well-known/openid-configuration") == 0)
    }

    @Test func oneEndpointByHandReplacesTheMetadatas() async throws {
        let party = setup.relyingParty { $0.addresses.authorization = "https://login.example/a?tenant=1" }
        #expect(try await party.authorizationURL(request).hasPrefix("https://login.example/a?tenant=1&client_id="))
        #expect(await party.signIn().signedIn != nil)
        #expect(setup.provider.count("/.well-known/openid-configuration") == 1)
    }

    /// The provider as it answers inside the cluster, under another name and without TLS.
    private func inside(_ url: String) -> (RelyingParty, Recording) {
        let recording = Recording(setup.provider, from: url, to: issuer)
        var client = ProviderClient(
            id: "corp", issuer: issuer, clientID: "gatehouse", clientSecret: Secret(utf8: "s3cret"), usesUserinfo: true)
        client.addresses.internalURL = url
        return (RelyingParty(client: client, exchange: recording, clock: setup.clock.clock), recording)
    }

    @Test(arguments: ["http://dex.auth.svc:5556/dex", "http://dex.auth.svc:5556/dex/", "https://dex.internal"])
    func weAskInsideAndBrowsersGoOutside(url: String) async throws {
        setup.provider.change { $0.metadata["end_session_endpoint"] = .string($0.issuer + "/logout") }
        let (party, recording) = inside(url)
        #expect(try await party.authorizationURL(request).hasPrefix(issuer + "/auth?"))
        #expect(await party.signIn().signedIn != nil)
        let base = url.hasSuffix("/") ? String(url.dropLast()) : url
        #expect(
            await recording.urls
                == ["/.well-known/openid-configuration", "/token", "/keys", "/userinfo"].map { base + $0 })
        let signOut = await party.endSessionURL(idTokenHint: nil, postLogoutRedirectURI: nil, state: nil)
        #expect(signOut?.hasPrefix(issuer + "/logout") == true)
    }

    @Test func theIssuerInsideHasToBeTheConfiguredOne() async throws {
        setup.provider.change { $0.metadata["issuer"] = "http://dex.auth.svc:5556/dex" }
        let (party, _) = inside("http://dex.auth.svc:5556/dex")
        await #expect(throws: UpstreamFailure.self) { try await party.authorizationURL(request) }
    }

    @Test(arguments: [
        "http://dex.auth.svc:5556/dexter/token", "http://dex.auth.svc:55567/dex/token",
        "http://dex.auth.svc:5556@evil.com/dex/token",
        "http://evil.com/token",
    ])
    func plainHTTPIsForTheConfiguredAddressOnly(token: String) async throws {
        setup.provider.change { $0.metadata["token_endpoint"] = .string(token) }
        let (party, _) = inside("http://dex.auth.svc:5556/dex")
        await #expect(throws: UpstreamFailure.self) { try await party.authorizationURL(request) }
    }

    /// Asks the tests' provider under another name, and remembers the URLs.
    actor Recording: ProviderExchange {
        private(set) var urls: [String] = []
        private let provider: TestProvider
        private let base: String
        private let issuer: String

        init(_ provider: TestProvider, from base: String, to issuer: String) {
            self.provider = provider
            self.base = base.hasSuffix("/") ? String(base.dropLast()) : base
            self.issuer = issuer
        }

        func exchange(_ request: ProviderRequest) async throws(UpstreamFailure) -> ProviderResponse {
            urls.append(request.url)
            var moved = request
            moved.url = issuer + request.url.dropFirst(base.count)
            return try await EmbeddedProviderExchange(issuer: issuer) { [provider] in provider.respond($0) }.exchange(moved)
        }
    }
}
