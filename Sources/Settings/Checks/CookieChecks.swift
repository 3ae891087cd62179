enum CookieChecks {
    @Sendable static func domain(_ configuration: Configuration, _ reading: Reading) {
        guard let service = configuration.authService else { return }
        for domain in service.cookie.domains { check(domain, service, reading) }
    }

    private static func check(_ domain: String, _ service: AuthServiceSettings, _ reading: Reading) {
        let way = "authService.cookie.domain"
        if HostName.address(domain) != nil {
            reading.error(
                "the cookie domain `\(domain)` is an address", "remove `domain`: cookies of addresses are for one host", of: way)
            return
        }
        if PublicSuffix.contains(domain) {
            reading.error(
                "the cookie domain `\(domain)` is a public suffix: browsers refuse it", "name your own domain below it", of: way)
            return
        }
        // With one domain it is for all hosts; with several each has to be for some.
        let others = service.cookie.domains.count == 1 ? service.publicURLs.filter { !isHost($0.host, in: domain) } : []
        for url in others {
            reading.error(
                "the public host `\(url.host)` is not in the cookie domain `\(domain)`",
                "remove `domain`, or one that all hosts end in", of: way)
        }
        if others.isEmpty, !service.publicURLs.contains(where: { isHost($0.host, in: domain) }) {
            reading.error(
                "no public host is in the cookie domain `\(domain)`", "remove it, or add the public URL that it is for", of: way)
        }
    }

    private static func isHost(_ host: String, in domain: String) -> Bool { host == domain || host.hasSuffix("." + domain) }

    @Sendable static func security(_ configuration: Configuration, _ reading: Reading) {
        guard let service = configuration.authService else { return }
        let cookie = service.cookie
        let isAlwaysSecure = cookie.secure == .always || (cookie.secure == .auto && service.publicURLs.allSatisfy(\.isSecure))
        if cookie.sameSite == .none, !isAlwaysSecure {
            reading.error(
                "`sameSite: none` needs the attribute Secure", "write `secure: always` and use https, or `sameSite: lax`",
                of: "authService.cookie.sameSite")
        }
        let open = service.publicURLs.first { !$0.isSecure && !$0.isLoopback }
        if cookie.secure == .always, let open {
            reading.error(
                "`secure: always` on the http host `\(open.host)`: browsers keep no such cookie",
                "use https there, or `secure: auto`", of: "authService.cookie.secure")
        }
        if cookie.secure == .never, let secure = service.publicURLs.first(where: \.isSecure) {
            reading.warning(
                "`secure: never` although `\(secure.text)` is https", "write `secure: auto`", of: "authService.cookie.secure")
        }
    }

    /// Of sessions in cookies the storage has to know which are over.
    @Sendable static func endings(_ configuration: Configuration, _ reading: Reading) {
        guard let service = configuration.authService, service.session.store == .cookie,
            case .memory = configuration.storage
        else { return }
        reading.warning(
            "a restart forgets which sessions have ended, and copies of their cookies go on then",
            "use a `storage` that lasts, such as `sqlite: { path: gatehouse.db }`", of: "authService.session.store")
    }

    /// The promises in a cookie's name (RFC 6265bis, section 4.1.3).
    @Sendable static func prefix(_ configuration: Configuration, _ reading: Reading) {
        guard let cookie = configuration.authService?.cookie else { return }
        let name = cookie.name.lowercased()
        let isHostBound = name.hasPrefix("__host-")
        if isHostBound || name.hasPrefix("__secure-"), cookie.secure != .always {
            reading.error(
                "the cookie name `\(cookie.name)` promises the attribute Secure", "write `secure: always`, or another name",
                of: "authService.cookie.name")
        }
        if isHostBound, !cookie.domains.isEmpty {
            reading.error(
                "the cookie name `\(cookie.name)` promises one host, but `domain` is set", "remove one of them",
                of: "authService.cookie.name")
        }
    }
}
