import JOSE
import Web

/// Ties a sign-in form to the browser that it was shown in: 256 random bits in a cookie, and in the form an HMAC under them over
/// the sealed request. Another site can have neither both nor a fitting pair. One cookie serves any number of tabs. The
/// browser's session is bound to it, too.
struct LoginCookie {
    /// With the `__Host-` prefix (RFC 6265bis §4.1.3.2) on https: no neighbouring host can plant a cookie that its own form fits.
    private static func name(_ issuer: Issuer) -> String { issuer.usesHTTPS ? "__Host-\(plainName)" : plainName }
    static let plainName = "gatehouse_login"
    /// Seconds; longer than an authorization request lives. A session is worth nothing without this cookie: it lives as long.
    private static func life(_ issuer: Issuer) -> Int64 { max(7200, issuer.settings.sessions.lifetime) }

    private let secret: Secret

    private init(_ secret: Secret) { self.secret = secret }

    /// The cookies that a request carries, in the browser's order.
    static func all(in request: WebRequest, issuer: Issuer) -> [LoginCookie] {
        RequestCookies(request.headers).all(named: name(issuer)).compactMap { Base64URL.decode($0) }.filter { $0.count == 32 }
            .map { LoginCookie(Secret($0)) }
    }

    /// The browser's cookie, or a new one.
    static func current(in request: WebRequest, issuer: Issuer) -> LoginCookie {
        all(in: request, issuer: issuer).first ?? LoginCookie(Secret(issuer.randomness.bytes(32)))
    }

    /// What the form carries.
    func proof(of sealedRequest: String) -> String { Base64URL.encode(hmacSHA256(sealedRequest.utf8, key: secret)) }

    /// Whether the form with this proof was shown in this browser.
    func proves(_ proof: String, of sealedRequest: String) -> Bool {
        Secret(utf8: proof).matches(Secret(utf8: self.proof(of: sealedRequest)))
    }

    /// Something of this browser's alone, made of `secret`.
    func bound(_ secret: Secret) -> [UInt8] { hmacSHA256(secret.bytes, key: self.secret) }

    func setCookie(_ issuer: Issuer) -> String {
        // The prefix asks for the whole host.
        let path = issuer.usesHTTPS || issuer.path.isEmpty ? "/" : issuer.path
        return SetCookie(
            name: Self.name(issuer), value: Base64URL.encode(secret.bytes), path: path,
            maxAge: Int(clamping: Self.life(issuer)), secure: issuer.usesHTTPS, sameSite: .lax
        ).headerValue
    }
}
