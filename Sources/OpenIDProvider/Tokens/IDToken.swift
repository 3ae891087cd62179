import JOSE
import OpenIDConnect

/// ID tokens (OpenID Connect Core §2).
struct IDToken {
    let issuer: Issuer
    let client: Client
    let grant: GrantRecord
    let scope: Scope
    let nonce: String?
    let now: UnixTime

    /// - Parameter accessToken: the one that goes out with it, for `at_hash`.
    func signed(with key: SigningKey, accessToken: Secret) throws -> Secret {
        let lifetime = issuer.settings.lifetimes(of: client).idToken
        var claims = JSONObject([
            ("iss", .string(issuer.settings.issuer)), ("sub", .string(grant.subject)), ("aud", .string(client.id)),
            ("exp", .integer(now.adding(lifetime).seconds)), ("iat", .integer(now.seconds)),
            ("auth_time", .integer(grant.authTime.seconds)), ("sid", .string(grant.sessionID)), ("amr", ["pwd"]),
        ])
        claims["nonce"] = nonce.map { .string($0) }
        claims["at_hash"] = Self.accessTokenHash(accessToken, algorithm: key.algorithm)
        for claim in ClaimScope.claims(of: grant.user, for: scope).members { claims[claim.name] = claim.value }
        return Secret(utf8: try JSONWebSignature.sign(claims, type: "JWT", with: key))
    }

    /// The left half of the digest that belongs to the algorithm (§3.1.3.6). Ed25519's would be SHA-512; the claim is optional.
    private static func accessTokenHash(_ token: Secret, algorithm: SignatureAlgorithm) -> JSONValue? {
        switch algorithm {
        case .es256, .rs256, .ps256: .string(Base64URL.encode(sha256(token.bytes).prefix(16)))
        case .edDSA: nil
        }
    }
}
