/// `listen`
enum ListenSection {
    static let web = Key.defaulted(
        "web", .listenAddress(), ListenAddress(host: "127.0.0.1", port: 9000), "Pages and the provider's endpoints.")
    static let checkHTTP = Key.defaulted(
        "checkHTTP", .listenAddress(), ListenAddress(host: "127.0.0.1", port: 9001),
        "The check over HTTP: Envoy, nginx, Traefik, Caddy, HAProxy.")
    static let checkGRPC = Key.defaulted(
        "checkGRPC", .listenAddress(), ListenAddress(host: "127.0.0.1", port: 9002),
        "The check over gRPC (Envoy, Istio) and its health service.")
    static let admin = Key.defaulted(
        "admin", .listenAddress(), ListenAddress(host: "127.0.0.1", port: 9003),
        "Health, metrics and the API of the administration commands.")
    static let trustedProxies = Key.defaulted(
        "trustedProxies", .list(of: .addressRange()), privateRanges,
        "Peers whose word about the client counts, as ranges of addresses.")

    static let section = Section(
        "listen", [web.listed, checkHTTP.listed, checkGRPC.listed, admin.listed, trustedProxies.listed]
    ) { fields in
        ListenSettings(
            web: fields(web), checkHTTP: fields(checkHTTP), checkGRPC: fields(checkGRPC), admin: fields(admin),
            trustedProxies: fields(trustedProxies))
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
