package import Web

/// How the cookies of the service look on one public URL: names, scope and flags.
package struct CookiePolicy: Sendable {
    package enum Security: Sendable {
        /// Secure on https, plain on http.
        case auto
        case always
        case never
    }

    package var name: String
    /// Hosts at and below one of these share their cookies; every other host has cookies of its own.
    package var domains: [String]
    package var sameSite: SetCookie.SameSite
    package var security: Security

    package init(name: String, domains: [String], sameSite: SetCookie.SameSite, security: Security) {
        self.name = name
        self.domains = domains
        self.sameSite = sameSite
        self.security = security
    }

    func isSecure(on origin: Origin) -> Bool {
        switch security {
        case .auto: origin.scheme == .https
        case .always: true
        case .never: false
        }
    }

    /// Which hosts share one session cookie: the cookie domain, or the one host.
    func scope(on origin: Origin) -> String { domain(on: origin) ?? origin.host }

    /// The `Domain` attribute on a host: the longest that fits; `nil`: the cookie is for the host alone.
    func domain(on origin: Origin) -> String? {
        guard !domains.isEmpty else { return nil }
        return domains.filter { origin.isWithin(domain: $0) }.max { $0.utf8.count < $1.utf8.count }
    }

    /// The session cookie's name: with the `__Host-` prefix (RFC 6265bis §4.1.3.2) where its conditions hold, so that no
    /// neighbouring host can plant one.
    func sessionName(on origin: Origin) -> String { prefix(on: origin) + name }

    /// The name of the cookie that ties a sign-in to the browser that began it.
    func signInName(on origin: Origin) -> String { prefix(on: origin) + name + "-sign-in" }

    private func prefix(on origin: Origin) -> String { isSecure(on: origin) && domain(on: origin) == nil ? "__Host-" : "" }

    /// - Parameter maxAge: seconds; `nil`: until the browser is closed.
    func session(_ value: String, on origin: Origin, maxAge: Int64?) -> SetCookie {
        session(value, named: sessionName(on: origin), on: origin, maxAge: maxAge)
    }

    /// The same for one of several parts.
    func session(_ value: String, named name: String, on origin: Origin, maxAge: Int64?) -> SetCookie {
        cookie(name, value, on: origin, maxAge: maxAge, sameSite: sameSite)
    }

    func signIn(_ value: String, on origin: Origin, maxAge: Int64) -> SetCookie {
        // The provider's reply is a navigation from another site: `Strict` would keep the cookie at home.
        cookie(signInName(on: origin), value, on: origin, maxAge: maxAge, sameSite: sameSite == .strict ? .lax : sameSite)
    }

    private func cookie(
        _ name: String, _ value: String, on origin: Origin, maxAge: Int64?, sameSite: SetCookie.SameSite
    ) -> SetCookie {
        SetCookie(
            name: name, value: value, domain: domain(on: origin), maxAge: maxAge.map { Int(clamping: $0) },
            secure: isSecure(on: origin),
            sameSite: sameSite)
    }
}
