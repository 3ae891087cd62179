import Accounts
import JOSE
import OpenIDConnect
import RelyingParty
import Web

/// What `gatehouse login` has brought, and `gatehouse token` prints.
struct Login {
    let issuer: String
    let clientID: String
    let scopes: [String]
    let subject: String
    var accessToken: Secret
    var idToken: Secret?
    var refreshToken: Secret?
    /// Of the access token; `nil` where the provider does not say.
    var accessExpiresAt: UnixTime?
    var idExpiresAt: UnixTime?
}

extension Login {
    init(_ signedIn: SignedIn, client: ProviderClient, now: UnixTime) {
        self.init(
            issuer: client.issuer, clientID: client.clientID, scopes: client.scopes.values, subject: signedIn.idToken.subject,
            accessToken: signedIn.tokens.accessToken, idToken: signedIn.tokens.idToken,
            refreshToken: signedIn.tokens.refreshToken, accessExpiresAt: signedIn.tokens.expiresIn.map { now.adding($0) },
            idExpiresAt: signedIn.idToken.expiresAt)
    }

    /// Takes over what a refresh has brought; the refresh token stays where there is no new one (RFC 6749 §6).
    mutating func take(_ refreshed: Refreshed, now: UnixTime) {
        accessToken = refreshed.tokens.accessToken
        accessExpiresAt = refreshed.tokens.expiresIn.map { now.adding($0) }
        if let token = refreshed.tokens.refreshToken { refreshToken = token }
        if let token = refreshed.tokens.idToken, let claims = refreshed.idToken {
            idToken = token
            idExpiresAt = claims.expiresAt
        }
    }

    /// A public client: whatever secret a program on people's machines had would be no secret.
    var client: ProviderClient {
        ProviderClient(
            id: "command line", issuer: issuer, clientID: clientID, authenticationMethod: ClientAuthenticationMethod.none,
            scopes: Scope(scopes))
    }

    var identity: Identity { Identity(issuer: issuer, subject: subject, claims: JSONObject()) }

    func isOf(issuer: String?, client: String?) -> Bool {
        (issuer.map { sameBytes($0, self.issuer) } ?? true) && (client.map { sameBytes($0, clientID) } ?? true)
    }

    // As the file has it.

    var json: JSONValue {
        var members = JSONObject([
            ("issuer", .string(issuer)), ("client_id", .string(clientID)), ("scopes", .strings(scopes)),
            ("subject", .string(subject)), ("access_token", .string(accessToken.text)),
        ])
        members["id_token"] = idToken.map { .string($0.text) }
        members["refresh_token"] = refreshToken.map { .string($0.text) }
        members["access_expires_at"] = accessExpiresAt.map { .integer($0.seconds) }
        members["id_expires_at"] = idExpiresAt.map { .integer($0.seconds) }
        return .object(members)
    }

    init?(json: JSONValue) {
        guard let members = json.object, let issuer = members["issuer"]?.string, let client = members["client_id"]?.string,
            let subject = members["subject"]?.string, let access = members["access_token"]?.string
        else { return nil }
        func secret(_ name: String) -> Secret? { members[name]?.string.map { Secret(utf8: $0) } }
        func moment(_ name: String) -> UnixTime? { members[name]?.integer.map { UnixTime(seconds: $0) } }
        self.init(
            issuer: issuer, clientID: client, scopes: members["scopes"]?.stringList ?? ["openid"], subject: subject,
            accessToken: Secret(utf8: access), idToken: secret("id_token"), refreshToken: secret("refresh_token"),
            accessExpiresAt: moment("access_expires_at"), idExpiresAt: moment("id_expires_at"))
    }
}
