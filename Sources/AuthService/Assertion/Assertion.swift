import Accounts
package import JOSE

/// A signed assertion of who the user is, ready to be sent.
struct Assertion: Sendable {
    /// A JWT (RFC 7519) with `typ` `JWT`.
    let token: String
    /// From then on a new one is signed, while this one still verifies.
    let renewAt: UnixTime
}

/// Signs the assertions that applications and gateways verify with the keys at `jwks`.
package struct AssertionSigner: Sendable {
    package let header: String
    private let issuer: String
    private let audience: String
    private let lifetime: Int64
    private let key: SigningKey
    /// The keys that verify our assertions.
    package let published: JSONWebKeySet

    /// - Parameters:
    ///   - header: the request header that carries the assertion to the application, lower case.
    ///   - issuer: `iss`, the first public URL.
    ///   - lifetime: seconds.
    package init(header: String, issuer: String, audience: String, lifetime: Int64, key: SigningKey, published: JSONWebKeySet) {
        self.header = header
        self.issuer = issuer
        self.audience = audience
        self.lifetime = lifetime
        self.key = key
        self.published = published
    }

    /// The claims that travel: who, not everything that is known.
    private static let copiedClaims = ["email", "email_verified", "name", "preferred_username", "groups"]

    /// - Parameter audience: in place of the usual one.
    func sign(_ session: Session, audience other: String? = nil, now: UnixTime) throws -> Assertion {
        let identity = session.identity
        var claims = JSONObject([
            ("iss", .string(issuer)), ("sub", .string(identity.subject)), ("aud", .string(other ?? audience)),
            ("iat", .integer(now.seconds)), ("exp", .integer(now.adding(lifetime).seconds)),
            ("auth_time", .integer(session.authTime.seconds)), ("idp", .string(identity.issuer)),
        ])
        claims["acr"] = session.authentication.acr.map { .string($0) }
        if !session.authentication.amr.isEmpty { claims["amr"] = .strings(session.authentication.amr) }
        for name in Self.copiedClaims { claims[name] = identity.claims[name] }
        let token = try JSONWebSignature.sign(claims, type: "JWT", with: key)
        // Two thirds of its life: whoever gets the last one before has a third left to use it.
        return Assertion(token: token, renewAt: now.adding(lifetime / 3 * 2))
    }
}
