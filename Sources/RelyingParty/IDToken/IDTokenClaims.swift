package import Accounts
package import JOSE

/// The claims of a valid ID token (OpenID Connect Core §2).
package struct IDTokenClaims: Sendable {
    package let issuer: String
    package let subject: String
    package let audience: [String]
    package let expiresAt: UnixTime
    package let issuedAt: UnixTime
    /// When the person last gave their credentials.
    package let authTime: UnixTime?
    package let acr: String?
    package let amr: [String]
    /// The provider's session, for its sign-out notices.
    package let sid: String?
    /// The claims about the person: everything but the protocol's own.
    package let claims: JSONObject

    /// Of facts that have passed every check.
    init(_ facts: IDTokenFacts) {
        issuer = facts.expected.issuer
        subject = facts.subject ?? ""
        audience = facts.audience ?? []
        expiresAt = facts.time("exp") ?? facts.now
        issuedAt = facts.time("iat") ?? facts.now
        authTime = facts.time("auth_time")
        acr = facts.text("acr")
        amr = facts.token.claims["amr"]?.stringList ?? []
        sid = facts.text("sid")
        claims = facts.token.claims.aboutThePerson
    }

    package var identity: Identity { Identity(issuer: issuer, subject: subject, claims: claims) }
}

extension JSONObject {
    /// Without the claims that belong to the token or the protocol.
    package var aboutThePerson: JSONObject { filter { !Self.protocolClaims.contains($0) } }

    private static let protocolClaims: Set = [
        "iss", "sub", "aud", "exp", "iat", "nbf", "jti", "nonce", "at_hash", "c_hash", "s_hash", "azp", "auth_time", "acr",
        "amr", "sid", "typ", "cnf", "events",
    ]
}

/// Neither `iss` nor `sub`, nor any claim of a token, is ever taken from the others.
extension Identity {
    /// With those of `others` that this one does not have.
    func adding(_ others: JSONObject) -> Identity { merging(others) { own, _ in own } }

    /// With `others` in place of its own of the same name.
    func replacing(_ others: JSONObject) -> Identity { merging(others) { _, other in other } }

    private func merging(_ others: JSONObject, choose: (JSONValue, JSONValue) -> JSONValue) -> Identity {
        var claims = claims
        for member in others.aboutThePerson.members {
            claims[member.name] = claims[member.name].map { choose($0, member.value) } ?? member.value
        }
        return Identity(issuer: issuer, subject: subject, claims: claims)
    }
}
