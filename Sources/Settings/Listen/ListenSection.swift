import JOSE

/// `listen`
enum ListenSection {
    static let web = Key.defaulted(
        "web", .listener(), loopback(9000), "Pages and the provider's endpoints.")
    static let checkHTTP = Key.defaulted(
        "checkHTTP", .listener(), loopback(9001),
        "The check over HTTP: Envoy, nginx, Traefik, Caddy, HAProxy.")
    static let checkGRPC = Key.defaulted(
        "checkGRPC", .listener(), loopback(9002),
        "The check over gRPC (Envoy, Istio) and its health service.")
    static let admin = Key.defaulted(
        "admin", .listener(), loopback(9003),
        "Health, metrics and the API of the administration commands.")
    static let adminToken = Key.optional(
        "adminToken", .secret(.adminToken),
        "The bearer token that the administration's API asks for; without one it answers on loopback only.")
    static let trustedProxies = Key.defaulted(
        "trustedProxies", .list(of: .addressRange()), privateRanges,
        "Peers whose word about the client counts, as ranges of addresses.")
    static let proxySecret = Key.optional(
        "proxySecret", proxySecretShape,
        "What gateways have to show with every check over HTTP and for every page; the manifests hold it.")

    static let section = Section(
        "listen",
        [
            web.listed, checkHTTP.listed, checkGRPC.listed, admin.listed, adminToken.listed, trustedProxies.listed,
            proxySecret.listed,
        ]
    ) { fields in
        ListenSettings(
            web: fields(web), checkHTTP: fields(checkHTTP), checkGRPC: fields(checkGRPC), admin: fields(admin),
            adminToken: fields(adminToken), trustedProxies: fields(trustedProxies), proxySecret: fields(proxySecret))
    }

    private static func loopback(_ port: Int) -> ListenerSettings {
        ListenerSettings(address: .tcp(host: "127.0.0.1", port: port), tls: nil)
    }

    /// Of characters that mean nothing in the configuration of any gateway.
    private static let proxySecretShape = Shape<Secret>.secret(.proxySecret).then { secret, node, reading -> Secret? in
        guard secret.bytes.allSatisfy({ isAlphanumeric($0) || "-._~".utf8.contains($0) }) else {
            return reading.refuse(
                "the proxy secret has other characters than letters, digits and `-._~`",
                "make it by `openssl rand -hex 32`", node)
        }
        return secret
    }

    /// Loopback and private ranges (RFC 1918, RFC 4193).
    private static let privateRanges = [
        CIDRBlock(address: [127, 0, 0, 0], prefixLength: 8, text: "127.0.0.0/8"),
        CIDRBlock(address: [10, 0, 0, 0], prefixLength: 8, text: "10.0.0.0/8"),
        CIDRBlock(address: [172, 16, 0, 0], prefixLength: 12, text: "172.16.0.0/12"),
        CIDRBlock(address: [192, 168, 0, 0], prefixLength: 16, text: "192.168.0.0/16"),
        CIDRBlock(address: [UInt8](repeating: 0, count: 15) + [1], prefixLength: 128, text: "::1/128"),
        CIDRBlock(address: [0xfc] + [UInt8](repeating: 0, count: 15), prefixLength: 7, text: "fc00::/7"),
    ]
}
