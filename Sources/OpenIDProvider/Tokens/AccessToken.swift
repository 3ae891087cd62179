import JOSE
import OpenIDConnect

/// Access tokens in the form of RFC 9068. They carry the id of their grant: whoever asks us about one learns whether it has ended.
struct AccessToken {
    static let type = "at+jwt"

    let grantID: String
    let scope: Scope

    static func sign(
        _ grant: GrantRecord, scope: Scope, client: Client, issuer: Issuer, now: UnixTime, with key: SigningKey
    ) throws -> Secret {
        let lifetime = issuer.settings.lifetimes(of: client).accessToken
        let claims = JSONObject([
            ("iss", .string(issuer.settings.issuer)), ("sub", .string(grant.subject)), ("aud", .string(client.id)),
            ("client_id", .string(client.id)), ("scope", .string(scope.text)),
            ("exp", .integer(now.adding(lifetime).seconds)), ("iat", .integer(now.seconds)),
            ("auth_time", .integer(grant.authTime.seconds)), ("jti", .string(issuer.randomness.token(16))),
            ("sid", .string(grant.sessionID)), ("grant_id", .string(grant.id)),
        ])
        return Secret(utf8: try JSONWebSignature.sign(claims, type: type, with: key))
    }

    /// `nil` for whatever is not a valid access token of this issuer now (RFC 9068 §4). Whether its grant has ended is the
    /// store's to say.
    init?(_ text: some StringProtocol, issuer: Issuer) {
        guard let token = issuer.verified(text), token.type == Self.type,
            let expiry = token.claims["exp"]?.integer, issuer.clock.now < UnixTime(seconds: expiry),
            let grantID = token.claims["grant_id"]?.string,
            let scope = token.claims["scope"]?.string.flatMap({ Scope(parsing: $0) })
        else { return nil }
        self.grantID = grantID
        self.scope = scope
    }
}
