package import Settings

/// What the configuration file does not say about the gateway.
package struct EnvoyPlacement: Sendable {
    package var listeners: [EnvoyManifest.Listener]
    package var upstreams: [EnvoyManifest.Upstream]
    package var admin: NetworkAddress?
    /// The host at which Envoy reaches Gatehouse; nil for the one that Gatehouse listens on.
    package var gatehouseHost: String?
    package var trustedHops: Int

    package init(
        listeners: [EnvoyManifest.Listener], upstreams: [EnvoyManifest.Upstream], admin: NetworkAddress? = nil,
        gatehouseHost: String? = nil, trustedHops: Int = 0
    ) {
        self.listeners = listeners
        self.upstreams = upstreams
        self.admin = admin
        self.gatehouseHost = gatehouseHost
        self.trustedHops = trustedHops
    }
}

/// Why no gateway can be written for a configuration that is otherwise right.
package enum EnvoyManifestProblem: Error, Equatable, CustomStringConvertible {
    case noAuthService
    /// A listener whose port the system chooses (`listen.web`, …).
    case unknownPort(String)
    case upstreamTwice(prefix: String)
    /// What has a meaning of its own in a gateway's language (nginx, Traefik, Caddy and HAProxy only).
    case path(String)
    case header(String)

    /// What is wrong and how to mend it, without the file's name.
    package var description: String {
        switch self {
        case .noAuthService: "there is no `authService` for a gateway to ask; add one"
        case .unknownPort(let key): "`\(key)` has port 0, which a gateway cannot know; give it a port"
        case .upstreamTwice(let prefix): "two upstreams for the prefix \(prefix); remove one"
        case .path(let path): "the path \(path) cannot be written for this gateway; use letters, digits and /-._~@:,= only"
        case .header(let name): "the header \(name) cannot be written for this gateway; use letters, digits and - only"
        }
    }
}

extension EnvoyManifest {
    /// The gateway for a checked configuration.
    package init(configuration: Configuration, placement: EnvoyPlacement) throws(EnvoyManifestProblem) {
        guard let service = configuration.authService, let publicURL = service.publicURLs.first else { throw .noAuthService }
        for (index, upstream) in placement.upstreams.enumerated()
        where placement.upstreams[..<index].contains(where: { $0.prefix.utf8.elementsEqual(upstream.prefix.utf8) }) {
            throw .upstreamTwice(prefix: upstream.prefix)
        }
        self.init(
            listeners: placement.listeners,
            upstreams: placement.upstreams,
            gatehouse: try Gatehouse(configuration.listen, host: placement.gatehouseHost),
            ownPath: service.path,
            issuerPath: Self.issuerPath(configuration.provider, behind: service.publicURLs),
            identityHeaders: service.identity.headers.map(\.name),
            strip: service.identity.strip.map { $0.isPrefix ? .beginning($0.name) : .name($0.name) },
            assertion: service.identity.assertion.map {
                Assertion(header: $0.header, issuer: publicURL.origin, audience: $0.audience)
            },
            admin: placement.admin,
            trustedHops: placement.trustedHops)
    }

    /// The embedded provider's path when browsers reach it through this gateway. A checked configuration has no issuer
    /// there without a path of its own.
    private static func issuerPath(_ provider: ProviderSettings?, behind publicURLs: [ConfiguredURL]) -> String? {
        guard let issuer = provider?.issuer, !issuer.path.isEmpty,
            publicURLs.contains(where: { $0.origin.utf8.elementsEqual(issuer.origin.utf8) })
        else { return nil }
        return issuer.path
    }
}

extension EnvoyManifest.Gatehouse {
    fileprivate init(_ listen: ListenSettings, host: String?) throws(EnvoyManifestProblem) {
        self.init(
            web: try Self.reachable(listen.web, "listen.web", host),
            checkHTTP: try Self.reachable(listen.checkHTTP, "listen.checkHTTP", host),
            checkGRPC: try Self.reachable(listen.checkGRPC, "listen.checkGRPC", host))
    }

    /// A listener on every address is reached on loopback, unless another host is given.
    private static func reachable(
        _ address: ListenAddress, _ key: String, _ host: String?
    ) throws(EnvoyManifestProblem) -> NetworkAddress {
        guard address.port > 0 else { throw .unknownPort(key) }
        let own =
            switch address.host {
            case "0.0.0.0": "127.0.0.1"
            case "::": "::1"
            default: address.host
            }
        return NetworkAddress(host: host ?? own, port: address.port)
    }
}
