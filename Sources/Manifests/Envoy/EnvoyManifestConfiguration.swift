package import Settings

/// What the configuration file does not say about the gateway.
package struct EnvoyPlacement: Sendable {
    package var listeners: [EnvoyManifest.Listener]
    package var upstreams: [EnvoyManifest.Upstream]
    package var admin: NetworkAddress?
    package var gatehouse: GatehousePlacement
    package var trustedHops: Int

    package init(
        listeners: [EnvoyManifest.Listener], upstreams: [EnvoyManifest.Upstream], admin: NetworkAddress? = nil,
        gatehouse: GatehousePlacement = GatehousePlacement(), trustedHops: Int = 0
    ) {
        self.listeners = listeners
        self.upstreams = upstreams
        self.admin = admin
        self.gatehouse = gatehouse
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
    /// A listener with TLS, and nothing to verify it with.
    case noAuthority(String)
    /// A listener that wants a certificate which the gateway does not have.
    case noClientCertificate(String)
    /// A gateway that compares the certificate with names only.
    case addressAsName(String)
    /// What this gateway cannot do at all.
    case notWithThisGateway(what: String, mend: String)

    /// What is wrong and how to mend it, without the file's name.
    package var description: String {
        switch self {
        case .noAuthService: "there is no `authService` for a gateway to ask; add one"
        case .unknownPort(let key): "`\(key)` has port 0, which a gateway cannot know; give it a port"
        case .upstreamTwice(let prefix): "two upstreams for the prefix \(prefix); remove one"
        case .path(let path): "the path \(path) cannot be written for this gateway; use letters, digits and /-._~@:,= only"
        case .noAuthority(let key):
            "`\(key)` has TLS; give --gatehouse-ca, the file of who signed its certificate, as the gateway finds it"
        case .noClientCertificate(let key):
            "`\(key)` wants a client certificate; give --client-certificate and --client-key, as the gateway finds them"
        case .addressAsName(let address):
            "this gateway looks for names in a certificate, not for \(address); give one of its names as --gatehouse-name"
        case .notWithThisGateway(let what, let mend): "\(what); \(mend)"
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
            gatehouse: try Gatehouse(configuration.listen, placement.gatehouse),
            ownPath: service.path,
            issuerPath: Self.issuerPath(configuration.provider, behind: service.publicURLs),
            identityHeaders: service.identityHeaders,
            strip: service.identity.strip.map { $0.isPrefix ? .beginning($0.name) : .name($0.name) },
            assertion: service.identity.assertion.map {
                Assertion(header: $0.header, issuer: publicURL.origin, audience: $0.audience)
            },
            admin: placement.admin,
            trustedHops: placement.trustedHops)
        keptPostBytes = service.signIn.keepPosts
        tellsClientCertificates = !service.clientCertificates.isEmpty
        stripsCookies = service.cookie.strip
        trustedProxies = configuration.listen.trustedProxies.map(\.text)
        headersInRules = service.headersInRules
        assertion?.audiencesOfRules = service.audiencesInRules
        aliasPaths = service.aliasPaths
        hosts = Self.distinct(service.publicURLs.map(\.host) + service.publicHosts.map(\.text))
    }

    private static func distinct(_ texts: [String]) -> [String] {
        var seen: Set<String> = []
        return texts.filter { seen.insert($0).inserted }
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
