import JOSE
import OpenIDConnect
import RelyingParty
import Testing
import Web

/// RFC 7523 and RFC 8705: clients that prove who they are without sending a secret.
struct ClientAssertionTests {
    private let setup: SignInSetup

    init() throws { setup = try SignInSetup() }

    private func forms(_ change: (inout ProviderClient) -> Void) async throws -> [FormFields] {
        let party = setup.relyingParty(change)
        _ = await party.signIn()
        _ = await party.signIn()
        return try setup.provider.requests("/token").map { request in
            #expect(request.headers.first("authorization") == nil)
            return try #require(FormFields(body: request.body))
        }
    }

    private func assertion(_ form: FormFields) throws -> JSONWebSignature {
        #expect(form.first("client_assertion_type") == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
        #expect(form.first("client_secret") == nil && form.all("client_id") == ["gatehouse"])
        let token = try JSONWebSignature(compact: try #require(form.first("client_assertion")))
        #expect(token.claims["iss"] == "gatehouse" && token.claims["sub"] == "gatehouse")
        #expect(token.claims["aud"] == .string(setup.provider.issuer + "/token"))
        #expect(token.claims["exp"]?.integer == setup.clock.now.adding(60).seconds)
        return token
    }

    @Test(arguments: SignatureAlgorithm.allCases)
    func thePrivateKeySigns(algorithm: SignatureAlgorithm) async throws {
        let key = try SigningKey.generate(algorithm)
        let tokens = try await forms { client in
            client.clientSecret = nil
            client.clientKey = ClientKey(key: key, id: "our-key")
        }.map(assertion)
        #expect(tokens.allSatisfy { $0.isSigned(by: key.published, algorithm: algorithm) && $0.keyID == "our-key" })
        #expect(tokens.count == 2 && tokens[0].claims["jti"] != tokens[1].claims["jti"])
    }

    @Test func theSecretMakesTheAssertion() async throws {
        let forms = try await forms { $0.authenticationMethod = .clientSecretJWT }
        let token = try assertion(try #require(forms.first))
        let compact = try #require(forms.first?.first("client_assertion"))
        let parts = compact.split(separator: ".")
        let mac = hmacSHA256("\(parts[0]).\(parts[1])".utf8, key: Secret(utf8: "s3cret"))
        #expect(token.algorithmName == "HS256" && Base64URL.decode(parts[2]) == mac)
    }

    @Test func theCertificateNeedsNothingInTheForm() async throws {
        setup.provider.change { script in
            script.metadata["mtls_endpoint_aliases"] = ["token_endpoint": .string(script.issuer + "/mtls/token")]
            script.documents["/mtls/token"] = TestProvider.json(["error": "invalid_grant"], status: 400)
        }
        let party = setup.relyingParty { ($0.clientSecret, $0.authenticationMethod) = (nil, .tlsClientAuth) }
        _ = await party.signIn()
        let request = try #require(setup.provider.requests("/mtls/token").first)
        let form = try #require(FormFields(body: request.body))
        #expect(form.all("client_id") == ["gatehouse"] && form.first("client_assertion") == nil)
        #expect(setup.provider.count("/token") == 0)
    }

    @Test func keysAreReadFromPEM() throws {
        let ed25519 = """
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
            -----END PRIVATE KEY-----
            """
        // RFC 8410 §10.3, and its public key of §10.1.
        let key = try SigningKey(pem: Secret(utf8: ed25519))
        #expect(key.algorithm == .edDSA)
        #expect(key.published.key.members["x"] == "Gb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE")
        #expect(throws: SigningKey.Damaged.self) { try SigningKey(pem: Secret(utf8: ed25519), algorithm: .es256) }
        #expect(throws: SigningKey.Damaged.self) { try SigningKey(pem: Secret(utf8: "no key")) }
    }
}
