package import Web

/// The origins under which browsers reach what we guard, and where a request stands among them.
package struct PublicAddresses: Sendable {
    /// The first is where requests from elsewhere are sent to sign in.
    package let origins: [Origin]
    private let home: Origin
    private let cookieDomains: [String]
    private let hosts: [HostPattern]

    /// - Parameters:
    ///   - home: the first public URL's origin.
    ///   - others: the further ones.
    ///   - cookieDomains: hosts at and below one of them share their cookies.
    ///   - hosts: hosts that each have a callback and cookies of their own, with the home's scheme and port.
    package init(home: Origin, others: [Origin], cookieDomains: [String], hosts: [HostPattern] = []) {
        self.hosts = hosts
        self.home = home
        self.cookieDomains = cookieDomains
        origins = [home] + others
    }

    enum Place: Sendable {
        /// A public URL of ours: callback and cookies live there.
        case known(Origin)
        /// Another host that shares the cookies of a public URL: the callback is at that, `home`; the page wanted is `here`.
        case sharing(home: Origin, here: Origin)
        /// A host that has none of our cookies: sign-in has to begin at `home`.
        case foreign(home: Origin)

        /// The origin whose cookies the request carries, and where the callback is.
        var origin: Origin {
            switch self {
            case .known(let origin): origin
            case .sharing(let home, _), .foreign(let home): home
            }
        }
    }

    func place(of request: WebRequest) -> Place { place(scheme: request.scheme, authority: request.authority) }

    func place(scheme: String, authority: String) -> Place {
        guard let here = Origin(scheme: scheme, authority: authority) else { return .foreign(home: home) }
        if origins.contains(here) { return .known(here) }
        // TLS may end in front of the gateway, which then says http: the public URL knows better.
        if let host = RequestHost(authority),
            let same = origins.first(where: { $0.host == host.name && $0.port == host.port })
        {
            return .known(same)
        }
        if hosts.contains(where: { $0.matches(here.host) }),
            let own = Origin(scheme: home.scheme.rawValue, authority: authority), own.port == home.port
        {
            return .known(own)
        }
        return sharing(here) ?? Origin(scheme: "https", authority: authority).flatMap(sharing) ?? .foreign(home: home)
    }

    /// The public URL whose cookies come with a request to `here`.
    private func sharing(_ here: Origin) -> Place? {
        origins.first { shares($0, with: here) }.map { .sharing(home: $0, here: here) }
    }

    private func shares(_ origin: Origin, with here: Origin) -> Bool {
        guard let domain = cookieDomain(of: origin) else { return false }
        return RedirectTarget("\(here)/", home: origin, cookieDomain: domain) != nil
    }

    private func cookieDomain(of origin: Origin) -> String? {
        guard !cookieDomains.isEmpty else { return nil }
        return cookieDomains.filter { origin.isWithin(domain: $0) }.max { $0.utf8.count < $1.utf8.count }
    }

    /// The origin under which the client reaches us with this request.
    func origin(of request: WebRequest) -> Origin? {
        switch place(of: request) {
        case .known(let origin), .sharing(_, let origin): origin
        case .foreign: Origin(scheme: request.scheme, authority: request.authority)
        }
    }

    /// Reads where a browser wants to go; the home page of `origin` for whatever is not plainly allowed.
    func target(_ text: String, at origin: Origin) -> String {
        RedirectTarget(text, home: origin, allowed: origins, cookieDomain: cookieDomain(of: origin))?.url ?? "\(origin)/"
    }
}
