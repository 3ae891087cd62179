import JOSE
import Web

/// The cookie of a browser's session at the provider. It goes to the issuer's path only, so no application on the same host sees
/// it; and it counts only together with the browser's login cookie, which `__Host-` protects from being planted by a neighbouring
/// host.
struct SSOCookie {
    /// The id: 32 random bytes as base64url, in clear.
    let id: Secret

    private static let bytes = 32
    /// More cookies of the name, as a neighbouring host could plant them, are not tried.
    private static let maximumTried = 4

    init(randomness: Randomness) { id = Secret(utf8: randomness.token(Self.bytes)) }

    /// `__Host-` asks for the whole host, so it is for issuers without a path.
    private static func name(_ issuer: Issuer) -> String {
        guard issuer.usesHTTPS else { return plainName }
        return issuer.path.isEmpty ? "__Host-\(plainName)" : "__Secure-\(plainName)"
    }

    static let plainName = "gatehouse_sso"
    static let signalName = "gatehouse_sso_state"

    private static func path(_ issuer: Issuer) -> String { issuer.path.isEmpty ? "/" : issuer.path }

    /// What the stored session of this cookie is found by, in the browser with this login cookie.
    static func key(id: Secret, browser: LoginCookie) -> SecretDigest {
        SecretDigest(of: Secret(browser.bound(id)))
    }

    /// The keys that a request's cookies may lead to; none for what no cookie of ours could be.
    static func keys(in request: WebRequest, issuer: Issuer) -> [SecretDigest] {
        let ids = RequestCookies(request.headers).all(named: name(issuer)).filter { Base64URL.decode($0)?.count == bytes }
        guard !ids.isEmpty else { return [] }
        let browsers = LoginCookie.all(in: request, issuer: issuer).prefix(maximumTried)
        return ids.prefix(maximumTried).flatMap { id in browsers.map { key(id: Secret(utf8: id), browser: $0) } }
    }

    /// - Parameter maxAge: `nil`: until the browser is closed.
    func setCookie(_ issuer: Issuer, maxAge: Int64?) -> String {
        cookie(issuer, maxAge: maxAge.map { Int(clamping: $0) }).headerValue
    }

    private func cookie(_ issuer: Issuer, maxAge: Int?) -> SetCookie {
        SetCookie(
            name: Self.name(issuer), value: id.text, path: Self.path(issuer), maxAge: maxAge, secure: issuer.usesHTTPS,
            sameSite: .lax)
    }

    /// The cookie that removes it.
    static func deletion(_ issuer: Issuer) -> String {
        SSOCookie(id: Secret([])).cookie(issuer, maxAge: 0).deletion.headerValue
    }

    private init(id: Secret) { self.id = id }

    /// Tells the login pages in other tabs that who is signed in has changed: their script compares it. Worth nothing to anybody.
    static func signal(_ issuer: Issuer) -> String {
        SetCookie(
            name: signalName, value: issuer.randomness.token(9), path: path(issuer), httpOnly: false,
            secure: issuer.usesHTTPS, sameSite: .lax
        ).headerValue
    }
}
