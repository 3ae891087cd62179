import JOSE
import OpenIDConnect
import Web

/// ID tokens (OpenID Connect Core §2).
struct IDToken {
    let issuer: Issuer
    let client: Client
    let grant: GrantRecord
    let scope: Scope
    let nonce: String?
    let now: UnixTime
    /// The client, where nobody else is named.
    var audience: [String] = []
    /// What the client has shown for it, for `c_hash`: whoever was given another's code sees it, in the code flow as well.
    var code: Secret?

    /// - Parameter accessToken: the one that goes out with it, for `at_hash`.
    func signed(with key: SigningKey, accessToken: Secret?) throws -> Secret {
        let lifetime = issuer.settings.lifetimes(of: client).idToken
        var claims = JSONObject([
            ("iss", .string(issuer.settings.issuer)), ("sub", .string(grant.subject)), ("aud", .string(client.id)),
            ("exp", .integer(now.adding(lifetime).seconds)), ("iat", .integer(now.seconds)),
            ("auth_time", .integer(grant.authTime.seconds)), ("sid", .string(grant.sessionID)),
        ])
        let authentication = grant.authentication
        if !authentication.amr.isEmpty { claims["amr"] = .strings(authentication.amr) }
        if !authentication.acr.isEmpty { claims["acr"] = .string(authentication.acr) }
        if audience.count > 1 || audience.contains(where: { !sameBytes($0, client.id) }) {
            claims["aud"] = .strings(audience)
            claims["azp"] = .string(client.id)
        }
        claims["nonce"] = nonce.map { .string($0) }
        claims["at_hash"] = accessToken.map { .string(TokenHash.of($0, algorithm: key.algorithm)) }
        claims["c_hash"] = code.map { .string(TokenHash.of($0, algorithm: key.algorithm)) }
        let single = sameBytes(grant.clientID, client.id) ? grant.claims.idToken : []
        for claim in ClaimScope.claims(of: grant, for: scope, and: single).members { claims[claim.name] = claim.value }
        return Secret(utf8: try JSONWebSignature.sign(claims, type: "JWT", with: key))
    }
}
