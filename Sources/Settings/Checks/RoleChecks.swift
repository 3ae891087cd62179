import JOSE

enum RoleChecks {
    @Sendable static func someRole(_ configuration: Configuration, _ reading: Reading) {
        guard configuration.authService == nil, configuration.provider == nil else { return }
        reading.error(
            "there is neither `authService` nor `provider`", "add one of them, or both: `gatehouse config example` shows how",
            of: "")
    }

    @Sendable static func cookieKeys(_ configuration: Configuration, _ reading: Reading) {
        guard let service = configuration.authService, reading.isGiven("authService.secrets") else { return }
        if service.secrets.isEmpty {
            reading.error(
                "`secrets` is empty", "run `openssl rand -hex 32 > cookie.key` and write `[ { file: cookie.key } ]`",
                of: "authService.secrets")
        }
        for (index, secret) in service.secrets.enumerated()
        where service.secrets[..<index].contains(where: { $0.bytes == secret.bytes }) {
            reading.error("this cookie key is there already", "remove it", of: "authService.secrets[\(index)]")
        }
    }

    @Sendable static func passwords(_ configuration: Configuration, _ reading: Reading) {
        let hasUsers =
            configuration.provider.map {
                !$0.users.isEmpty || $0.storedUsers != nil || !$0.connectors.isEmpty || $0.storesConnectors
            } ?? false
        guard configuration.authService?.basicAuthentication == true, !hasUsers else { return }
        reading.error(
            "`basicAuthentication` is on, but there is no `provider` with `users`, `storedUsers` or `connectors`",
            "add one, or remove it",
            of: "authService.basicAuthentication")
    }

    @Sendable static func someSignIn(_ configuration: Configuration, _ reading: Reading) {
        guard configuration.authService?.providers.isEmpty == true, reading.isGiven("authService.providers") else { return }
        reading.error(
            "`providers` is empty: nobody could sign in", "add one, such as `{ id: local, embedded: true, clientID: gatehouse }`",
            of: "authService.providers")
    }
}

enum ListenChecks {
    /// Two listeners on one address; port 0 is another port each time.
    @Sendable static func distinct(_ configuration: Configuration, _ reading: Reading) {
        let listen = configuration.listen
        let all = [
            ("web", listen.web.address), ("checkHTTP", listen.checkHTTP.address), ("checkGRPC", listen.checkGRPC.address),
            ("admin", listen.admin.address),
        ]
        for (index, (name, address)) in all.enumerated() {
            guard let (other, _) = all[..<index].first(where: { overlap($0.1, address) }) else { continue }
            // The later key may be a default that the earlier one has run into.
            let place = reading.isGiven("listen.\(name)") ? name : other
            reading.error(
                "`\(name)` and `\(other)` both listen on `\(address.text)`",
                "give each its own \(address.isTCP ? "port" : "path")", of: "listen.\(place)")
        }
    }

    private static func overlap(_ one: ListenAddress, _ other: ListenAddress) -> Bool {
        let everywhere = ["0.0.0.0", "::"]
        switch (one, other) {
        case (.tcp(let host, let port), .tcp(let otherHost, let otherPort)):
            guard port == otherPort, port != 0 else { return false }
            return host == otherHost || everywhere.contains(host) || everywhere.contains(otherHost)
        case (.unix(let path), .unix(let otherPath)): return path.utf8.elementsEqual(otherPath.utf8)
        case (.tcp, .unix), (.unix, .tcp): return false
        }
    }
}

extension ListenAddress {
    fileprivate var isTCP: Bool { if case .tcp = self { true } else { false } }
}

enum PublicURLChecks {
    @Sendable static func distinct(_ configuration: Configuration, _ reading: Reading) {
        guard let service = configuration.authService else { return }
        let several = reading.isGiven("authService.publicURLs")
        if several, service.publicURLs.isEmpty {
            reading.error(
                "`publicURLs` is empty", "add the origin under which browsers reach the gateway", of: "authService.publicURLs")
        }
        for (index, url) in service.publicURLs.enumerated() {
            let way = several ? "authService.publicURLs[\(index)]" : "authService.publicURL"
            if service.publicURLs[..<index].contains(where: { $0.origin == url.origin }) {
                reading.error("the public URL `\(url.origin)` is there twice", "remove one", of: way)
            }
            if !url.isSecure, !url.isLoopback {
                reading.warning("`\(url.text)` is http: cookies travel in clear text", "use https outside of trials", of: way)
            }
        }
    }
}
