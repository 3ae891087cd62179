package import Settings

/// What the configuration of an nginx, Traefik, Caddy or HAProxy in front of Gatehouse depends on. Every text in it is of
/// characters that mean nothing in any of their languages, apart from what the writers put between quotes.
package struct GatewayManifest: Sendable {
    /// Where clients connect, in clear text.
    package var listeners: [NetworkAddress]
    /// Longest prefix first.
    package let upstreams: [EnvoyManifest.Upstream]
    package let gatehouse: EnvoyManifest.Gatehouse
    /// Gatehouse's own endpoints and, where it is behind this gateway, the embedded provider: no slash at the end.
    package let ownPaths: [String]
    /// The headers that Gatehouse sets, the assertion among them; lower case, each once.
    package let identityHeaders: [String]
    /// What no client may send: the names, and the beginnings of names; lower case, each once.
    package let strippedNames: [String]
    package let strippedBeginnings: [String]
    /// Whether applications see none of Gatehouse's cookies.
    let stripsCookies: Bool
    /// Proxies in front of the gateway whose word about the client is believed; 0 when clients connect to it directly.
    let trustedHops: Int
    /// Their addresses, for a gateway that does not count.
    let trustedProxies: [String]

    /// - Parameter placement: its listeners' modes and `admin` have no meaning here.
    package init(configuration: Configuration, placement: EnvoyPlacement) throws(EnvoyManifestProblem) {
        try self.init(EnvoyManifest(configuration: configuration, placement: placement))
    }

    /// The same place with another gateway than Envoy.
    package init(_ place: EnvoyManifest) throws(EnvoyManifestProblem) {
        listeners = place.listeners.map(\.address)
        upstreams = place.sortedUpstreams
        gatehouse = place.gatehouse
        ownPaths = place.ownPaths
        stripsCookies = place.stripsCookies
        trustedHops = place.trustedHops
        trustedProxies = place.trustedProxies
        let identity = place.identityHeaders + [place.assertion?.header].compactMap { $0 }
        let headers = GatewayHeaders(identity: identity, strip: place.strip)
        identityHeaders = headers.identity
        strippedNames = headers.names
        strippedBeginnings = headers.beginnings
        for path in ownPaths + upstreams.map(\.prefix) + files(gatehouse) where !path.utf8.allSatisfy(Self.isPlainPathByte) {
            throw .path(path)
        }
        for name in identityHeaders + strippedNames + strippedBeginnings where !name.utf8.allSatisfy(Self.isPlainNameByte) {
            throw .header(name)
        }
    }

    /// `ProxySecret.header`.
    static let secretHeader = "x-gatehouse-proxy-secret"

    /// What needs no escape in a quoted string, regular expression or matcher of any of the four, dots excepted.
    private static func isPlainPathByte(_ byte: UInt8) -> Bool {
        isPlainNameByte(byte) || "/._~@:,=".utf8.contains(byte)
    }

    private static func isPlainNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

/// The paths of files and sockets in a manifest.
private func files(_ gatehouse: EnvoyManifest.Gatehouse) -> [String] {
    [gatehouse.web, gatehouse.checkHTTP].flatMap { listener in
        let socket: String? = if case .unix(let path) = listener.place { path } else { nil }
        let tls = listener.tls
        return [socket, tls?.authority, tls?.client?.certificate, tls?.client?.key].compactMap { $0 }
    }
}
