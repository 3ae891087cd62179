import JOSE
import OpenIDConnect
import RelyingParty
import Testing
import Web

/// RFC 6749 §2.3.1: how the token request says whose it is.
struct ClientAuthenticationTests {
    private let setup: SignInSetup

    init() throws { setup = try SignInSetup() }

    private func tokenRequest(_ change: (inout ProviderClient) -> Void) async throws -> (WebRequest, FormFields) {
        _ = await setup.relyingParty(change).signIn()
        let request = try #require(setup.provider.requests.first { $0.path.hasSuffix("/token") })
        return (request, try #require(FormFields(body: request.body)))
    }

    @Test(arguments: [
        ("gatehouse", "s3cret", "Basic Z2F0ZWhvdXNlOnMzY3JldA=="),
        // a%3Ab:p%20%26%2Bq%C3%A9
        ("a:b", "p &+q\u{E9}", "Basic YSUzQWI6cCUyMCUyNiUyQnElQzMlQTk="),
    ])
    func basicEncodesBothParts(id: String, secret: String, header: String) async throws {
        let (request, fields) = try await tokenRequest {
            ($0.clientID, $0.clientSecret, $0.authenticationMethod) = (id, Secret(utf8: secret), .clientSecretBasic)
        }
        #expect(request.headers.all("authorization") == [header])
        #expect(fields.first("client_id") == nil && fields.first("client_secret") == nil)
    }

    @Test func postSendsBothInTheBody() async throws {
        let (request, fields) = try await tokenRequest {
            ($0.clientSecret, $0.authenticationMethod) = (Secret(utf8: "p &+q"), .clientSecretPost)
        }
        #expect(request.headers.first("authorization") == nil)
        #expect(fields.all("client_id") == ["gatehouse"] && fields.all("client_secret") == ["p &+q"])
    }

    @Test func publicClientSendsItsNameOnly() async throws {
        let (request, fields) = try await tokenRequest { $0.clientSecret = nil }
        #expect(request.headers.first("authorization") == nil)
        #expect(fields.all("client_id") == ["gatehouse"] && fields.first("client_secret") == nil)
    }

    @Test(arguments: [
        (["client_secret_post"], false), (["client_secret_basic", "client_secret_post"], true), (["private_key_jwt"], true),
        ([], true),
    ])
    func methodIsChosenByWhatTheProviderOffers(offered: [String], isBasic: Bool) async throws {
        setup.provider.change { $0.metadata["token_endpoint_auth_methods_supported"] = .strings(offered) }
        let (request, _) = try await tokenRequest { _ in }
        #expect((request.headers.first("authorization") != nil) == isBasic)
    }
}
