import JOSE
import OpenIDConnect
import Web

/// An access token. It names its grant, unless it is a client's own: whoever asks us about one learns whether the grant has ended.
struct AccessToken: Sendable {
    static let type = "at+jwt"
    static let sealingPurpose = "access-token"
    /// In front of those that only we can read.
    private static let opaquePrefix = "gh_at_"

    /// `jti`
    let id: String
    /// `nil`: the client's own (RFC 6749 §4.4).
    let grantID: String?
    let subject: String
    let clientID: String
    let audience: [String]
    let scope: Scope
    let issuedAt: UnixTime
    let expiresAt: UnixTime
    /// The session at the provider, of a grant.
    var sessionID: String?
    var authTime: UnixTime?
    /// The client that got it in exchange for a token of another's, and those before it (`act`, RFC 8693 §4.1).
    var actor: JSONValue?
    /// Of the certificate without which it is good for nothing (`cnf`, RFC 8705 §3.1), base64url of SHA-256.
    var certificate: String?

    /// What clients get: in the form of RFC 9068, or sealed.
    func text(_ format: Client.AccessTokenFormat, issuer: Issuer, key: SigningKey) throws -> Secret {
        let claims = claims(issuer.settings.issuer)
        return switch format {
        case .jwt: Secret(utf8: try JSONWebSignature.sign(claims, type: Self.type, with: key))
        case .opaque: Secret(utf8: Self.opaquePrefix + (try issuer.accessTokenKeys.seal(JSONValue.object(claims).jsonBytes)))
        }
    }

    private func claims(_ issuer: String) -> JSONObject {
        var claims = JSONObject([
            ("iss", .string(issuer)), ("sub", .string(subject)),
            ("aud", audience.count == 1 ? .string(audience[0]) : .strings(audience)), ("client_id", .string(clientID)),
            ("scope", .string(scope.text)), ("exp", .integer(expiresAt.seconds)), ("iat", .integer(issuedAt.seconds)),
            ("jti", .string(id)),
        ])
        claims["auth_time"] = authTime.map { .integer($0.seconds) }
        claims["sid"] = sessionID.map { .string($0) }
        claims["grant_id"] = grantID.map { .string($0) }
        claims["act"] = actor
        claims["cnf"] = confirmation
        return claims
    }

    /// What it is bound to (RFC 7800 §3.1).
    var confirmation: JSONValue? { certificate.map { ["x5t#S256": .string($0)] } }

    /// Whether whoever brings it may use it: with the certificate that it is bound to, where there is one.
    func isUsable(with web: WebRequest) -> Bool {
        guard let certificate else { return true }
        guard let shown = web.clientCertificate.flatMap(Certificate.init(der:)) else { return false }
        return sameBytes(Base64URL.encode(shown.fingerprint.bytes), certificate)
    }

    /// `nil` for whatever is not a valid access token of this issuer now (RFC 9068 §4). Whether it was revoked, or its grant has
    /// ended, is the store's to say.
    init?(_ text: some StringProtocol, issuer: Issuer) {
        guard let claims = Self.claims(text, issuer), let token = AccessToken(claims), issuer.clock.now < token.expiresAt else {
            return nil
        }
        self = token
    }

    private static func claims(_ text: some StringProtocol, _ issuer: Issuer) -> JSONObject? {
        guard text.utf8.starts(with: opaquePrefix.utf8) else {
            guard let token = issuer.verified(text), token.type == type else { return nil }
            return token.claims
        }
        let sealed = String(decoding: text.utf8.dropFirst(opaquePrefix.utf8.count), as: UTF8.self)
        guard sealed.utf8.count <= 64 * 1024, let bytes = issuer.accessTokenKeys.open(sealed),
            let claims = (try? JSONReader.read(bytes))?.object,
            sameBytes(claims["iss"]?.string ?? "", issuer.settings.issuer)
        else { return nil }
        return claims
    }

    private init?(_ claims: JSONObject) {
        guard let id = claims["jti"]?.string, let subject = claims["sub"]?.string, let client = claims["client_id"]?.string,
            let audience = claims["aud"]?.stringList, let issuedAt = claims["iat"]?.integer,
            let expiry = claims["exp"]?.integer, let scope = claims["scope"]?.string.flatMap({ Scope(parsing: $0) })
        else { return nil }
        self.init(
            id: id, grantID: claims["grant_id"]?.string, subject: subject, clientID: client, audience: audience, scope: scope,
            issuedAt: UnixTime(seconds: issuedAt), expiresAt: UnixTime(seconds: expiry), sessionID: claims["sid"]?.string,
            authTime: claims["auth_time"]?.integer.map { UnixTime(seconds: $0) }, actor: claims["act"],
            certificate: claims["cnf"]?.object?["x5t#S256"]?.string)
    }

    init(
        id: String, grantID: String?, subject: String, clientID: String, audience: [String], scope: Scope, issuedAt: UnixTime,
        expiresAt: UnixTime, sessionID: String? = nil, authTime: UnixTime? = nil, actor: JSONValue? = nil,
        certificate: String? = nil
    ) {
        self.id = id
        self.grantID = grantID
        self.subject = subject
        self.clientID = clientID
        self.audience = audience
        self.scope = scope
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.sessionID = sessionID
        self.authTime = authTime
        self.actor = actor
        self.certificate = certificate
    }
}
