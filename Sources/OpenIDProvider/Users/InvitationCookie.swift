import JOSE
import Web

/// What carries a link's token once the link has been followed: addresses are seen by whoever looks at the screen, kept by browsers
/// and logged by proxies. Sealed, for its page alone, and for a while.
struct InvitationCookie {
    /// As it goes to its page only, its name can have no more than this prefix on https.
    static let plainName = "gatehouse_invitation"
    private static func name(_ issuer: Issuer) -> String { issuer.usesHTTPS ? "__Secure-\(plainName)" : plainName }
    /// Seconds; whoever takes longer to choose a password follows the link once more.
    static let life: Int64 = 1800
    static let purpose = "invitation"
    /// More cookies of the name, as a neighbouring host could plant them, are not tried.
    private static let maximumTried = 4

    /// The token of the request's cookie; `nil` where there is none, and where it has had its time.
    static func token(in request: WebRequest, issuer: Issuer) -> String? {
        RequestCookies(request.headers).all(named: name(issuer)).prefix(maximumTried).lazy.compactMap { open($0, issuer) }.first
    }

    private static func open(_ value: String, _ issuer: Issuer) -> String? {
        guard value.utf8.count <= 512, let bytes = issuer.invitationKeys.open(value),
            let members = (try? JSONReader.read(bytes))?.object, let expiry = members["exp"]?.integer,
            issuer.clock.now < UnixTime(seconds: expiry)
        else { return nil }
        return members["token"]?.string
    }

    static func setCookie(_ token: String, issuer: Issuer) throws -> String {
        let members: JSONValue = ["token": .string(token), "exp": .integer(issuer.clock.now.adding(life).seconds)]
        return cookie(try issuer.invitationKeys.seal(members.jsonBytes), issuer).headerValue
    }

    /// Removes it.
    static func deletion(issuer: Issuer) -> String { cookie("", issuer).deletion.headerValue }

    private static func cookie(_ value: String, _ issuer: Issuer) -> SetCookie {
        // Lax: whoever follows a link in a mail comes from elsewhere.
        SetCookie(
            name: name(issuer), value: value, path: "\(issuer.path)/invitation", maxAge: Int(clamping: life),
            secure: issuer.usesHTTPS, sameSite: .lax)
    }
}
