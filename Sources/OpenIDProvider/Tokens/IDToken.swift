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
        claims["at_hash"] = .string(TokenHash.of(accessToken, algorithm: key.algorithm))
        for claim in ClaimScope.claims(of: grant.user, for: scope).members { claims[claim.name] = claim.value }
        return Secret(utf8: try JSONWebSignature.sign(claims, type: "JWT", with: key))
    }
}
