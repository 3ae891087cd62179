import JOSE
import OpenIDConnect
import OpenIDProvider

/// Keys of clients and of others, made once.
enum TestKeys {
    static let right = key(.es256)
    static let rsa = key(.rs256)
    static let edwards = key(.edDSA)
    static let foreign = key(.es256)

    static let published = JSONWebKeySet(keys: [right, rsa, edwards].map(\.published))

    private static func key(_ algorithm: SignatureAlgorithm) -> SigningKey {
        do { return try .generate(algorithm) } catch { fatalError("no key: \(error)") }
    }
}

extension TestProvider {
    static let sharedSecret = Secret(utf8: "a-secret-that-is-shared-and-long-enough")

    /// Clients for what is beyond the code flow.
    static let furtherClients: [Client] = [
        client("signer") {
            $0.authentication = .privateKeyJWT
            $0.keys = .set(TestKeys.published)
            $0.requiresSignedRequests = false
        },
        client("sealed", secrets: [sharedSecret]) { $0.authentication = .clientSecretJWT },
        client("hashed") {
            $0.secretDigests = [SecretDigest(of: Secret(utf8: "first")), SecretDigest(of: Secret(utf8: "second"))]
        },
        client("poster", secrets: [Secret(utf8: "posted")]) { $0.authentication = .clientSecretPost },
        client("challenged", secrets: [Secret(utf8: "challenged")]) { $0.requiresPKCE = true },
        client("pusher", secrets: [Secret(utf8: "pushed")]) { $0.requiresPushedRequests = true },
        client("strict", secrets: [Secret(utf8: "strict")]) {
            $0.keys = .set(TestKeys.published)
            $0.requiresSignedRequests = true
        },
        client("machine", secrets: [Secret(utf8: "machine")]) {
            $0.grantTypes = [.clientCredentials, .tokenExchange, .jwtBearer]
            $0.scopes = ["openid", "email", "groups", "api:read", "api:write"]
            $0.exchangeAudiences = ["https://archive.example.com"]
            $0.introspection = .all
        },
        client("opaque", secrets: [Secret(utf8: "opaque")]) {
            $0.accessTokenFormat = .opaque
            $0.accessTokenAudience = ["https://api.example.com", "machine"]
            $0.lifetimes = ClientLifetimes(accessToken: 300)
        },
        client("peer", secrets: [Secret(utf8: "peer")]) { $0.trustedPeers = ["app", "machine"] },
        client("few", secrets: [Secret(utf8: "few")]) {
            $0.groups = ["nobody-is-in-it"]
            $0.grantTypes = GrantType.usual.union([.password])
        },
        client("old", secrets: [Secret(utf8: "old")]) { $0.grantTypes = [.password, .refreshToken] },
        client("narrow", secrets: [Secret(utf8: "narrow")]) { $0.scopes = ["email"] },
    ]

    private static func client(_ id: String, secrets: [Secret] = [], _ change: (inout Client) -> Void) -> Client {
        var client = Client(id: id, name: id, secrets: secrets, redirectURIs: [callback])
        change(&client)
        return client
    }

    /// A client's statement about itself; what `changes` has in place of a value, or takes away.
    func assertion(
        _ id: String, key: SigningKey = TestKeys.right, secret: Secret? = nil, _ changes: [String: JSONValue?] = [:],
        type: String = "JWT"
    ) throws -> [String: String] {
        var claims = JSONObject([
            ("iss", .string(id)), ("sub", .string(id)), ("aud", .string(Self.issuer)),
            ("jti", .string(Randomness.system.token(12))), ("iat", .integer(clock.now.seconds)),
            ("exp", .integer(clock.now.adding(60).seconds)),
        ])
        for (name, value) in changes { claims[name] = value }
        let header = JSONObject([("kid", .string(key.id)), ("typ", .string(type))])
        let token =
            try secret.map { JSONWebSignature.authenticate(claims, header: header, secret: $0) }
            ?? JSONWebSignature.sign(claims, header: header, with: key)
        return [
            "client_assertion": token, "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        ]
    }

    /// Tokens of a sign-in of Jane's at another client than `app`.
    func tokens(at id: String, secret: String, scope: String = "openid email profile groups offline_access") async throws
        -> Tokens
    {
        var parameters = Self.parameters
        parameters["client_id"] = id
        parameters["scope"] = scope
        return try Tokens(await token(Self.codeRequest(try await code(parameters)), as: Self.basic(id, secret)))
    }
}
