package import JOSE
package import OpenIDConnect

/// What is kept of a client that has registered itself, beside what is kept of every client of the store (RFC 7591, RFC 7592).
package struct StoredRegistration: Sendable, Equatable {
    /// Of the registration access token, which only the client knows.
    package var tokenDigest: SecretDigest
    package var expiresAt: UnixTime
    /// Which initial access token it was registered with: with another one it is no client any more.
    package var generation: String
    /// Its secret is made of its id and this number, which grows with every rotation.
    package var secretNumber: Int64
    /// What the client has registered; a description's is administrators' to choose, from fewer.
    package var authentication: Client.Authentication
    package var idTokenAlgorithm: SignatureAlgorithm?
    package var scope: Scope?

    package init(
        tokenDigest: SecretDigest, expiresAt: UnixTime, generation: String, secretNumber: Int64 = 1,
        authentication: Client.Authentication = .clientSecretBasic, idTokenAlgorithm: SignatureAlgorithm? = nil,
        scope: Scope? = nil
    ) {
        self.tokenDigest = tokenDigest
        self.expiresAt = expiresAt
        self.generation = generation
        self.secretNumber = secretNumber
        self.authentication = authentication
        self.idTokenAlgorithm = idTokenAlgorithm
        self.scope = scope
    }
}

extension StoredRegistration {
    var json: JSONObject {
        var members = JSONObject([
            ("token", .string(Base64URL.encode(tokenDigest.bytes))), ("expires_at", .integer(expiresAt.seconds)),
            ("generation", .string(generation)), ("secret", .integer(secretNumber)),
            ("token_endpoint_auth_method", .string(authentication.rawValue)),
        ])
        members["id_token_signed_response_alg"] = idTokenAlgorithm.map { .string($0.rawValue) }
        members["scope"] = scope.map { .string($0.text) }
        return members
    }

    /// From a store; `nil` for what is damaged.
    init?(_ members: JSONObject) {
        guard let digest = members["token"]?.string.flatMap({ Base64URL.decode($0) }), digest.count == 32,
            let expiry = members["expires_at"]?.integer, let generation = members["generation"]?.string,
            let number = members["secret"]?.integer,
            let method = members["token_endpoint_auth_method"]?.string.flatMap(Client.Authentication.init(rawValue:))
        else { return nil }
        self.init(
            tokenDigest: SecretDigest(bytes: digest), expiresAt: UnixTime(seconds: expiry), generation: generation,
            secretNumber: number, authentication: method,
            idTokenAlgorithm: members["id_token_signed_response_alg"]?.string.flatMap(SignatureAlgorithm.init(rawValue:)),
            scope: members["scope"]?.string.flatMap { Scope(parsing: $0) })
    }
}
