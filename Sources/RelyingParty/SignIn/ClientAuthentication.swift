import FoundationEssentials
import JOSE
import OpenIDConnect
import Web

/// What a request to the provider carries so that it knows its client (RFC 6749 §2.3, OpenID Connect Core §9).
struct ClientAuthentication {
    /// The `Authorization` header's value.
    let authorization: String?
    /// Parameters of the body.
    let parameters: [(name: String, value: String)]

    init(
        client: ProviderClient, metadata: ProviderMetadata, clock: WallClock, randomness: Randomness
    ) throws(UpstreamFailure) {
        let identifier = (name: "client_id", value: client.clientID)
        let assertion = ClientAssertion(client: client, audience: metadata.tokenEndpoint, clock: clock, randomness: randomness)
        var authorization: String?
        switch (Self.method(of: client, metadata: metadata), client.clientSecret, client.clientKey) {
        case (.clientSecretBasic, let secret?, _):
            authorization = Self.basic(user: client.clientID, password: secret)
            parameters = []
        case (.clientSecretPost, let secret?, _):
            parameters = [identifier, (name: "client_secret", value: secret.text)]
        case (.clientSecretJWT, let secret?, _): parameters = assertion.parameters(assertion.authenticated(by: secret))
        case (.privateKeyJWT, _, let key?): parameters = assertion.parameters(try assertion.signed(by: key))
        case (.none, _, _), (.tlsClientAuth, _, _), (_, nil, _), (.privateKeyJWT, _, nil): parameters = [identifier]
        }
        self.authorization = authorization
    }

    static func method(of client: ProviderClient, metadata: ProviderMetadata) -> ClientAuthenticationMethod {
        if let method = client.authenticationMethod { return method }
        guard client.clientSecret != nil else { return client.clientKey == nil ? .none : .privateKeyJWT }
        let offered = metadata.tokenEndpointAuthMethods.compactMap(ClientAuthenticationMethod.init(rawValue:))
        return offered.contains(.clientSecretPost) && !offered.contains(.clientSecretBasic)
            ? .clientSecretPost : .clientSecretBasic
    }

    /// Both parts are form-encoded first, so that a `:` in them stays theirs.
    static func basic(user: String, password: Secret) -> String {
        let credentials = PercentEncoding.encode(user) + ":" + PercentEncoding.encode(password.text)
        return "Basic " + Data(credentials.utf8).base64EncodedString()
    }
}

/// A short-lived statement of the client about itself (RFC 7523 §2.2 and §3).
private struct ClientAssertion {
    let client: ProviderClient
    /// The token endpoint, also for the provider's other endpoints (OpenID Connect Core §9, RFC 9126 §2).
    let audience: String
    let clock: WallClock
    let randomness: Randomness

    private static let life: Int64 = 60

    func authenticated(by secret: Secret) -> String {
        JSONWebSignature.authenticate(claims, header: JSONObject([("typ", "JWT")]), secret: secret)
    }

    func signed(by key: ClientKey) throws(UpstreamFailure) -> String {
        let header = JSONObject([("kid", .string(key.id)), ("typ", "JWT")])
        guard let token = try? JSONWebSignature.sign(claims, header: header, with: key.key) else {
            throw UpstreamFailure(.unreachable, "the client assertion could not be signed")
        }
        return token
    }

    func parameters(_ assertion: String) -> [(name: String, value: String)] {
        [
            (name: "client_id", value: client.clientID),
            (name: "client_assertion_type", value: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            (name: "client_assertion", value: assertion),
        ]
    }

    private var claims: JSONObject {
        let now = clock.now
        return JSONObject([
            ("iss", .string(client.clientID)), ("sub", .string(client.clientID)), ("aud", .string(audience)),
            ("jti", .string(randomness.token(16))), ("iat", .integer(now.seconds)),
            ("exp", .integer(now.adding(Self.life).seconds)),
        ])
    }
}
