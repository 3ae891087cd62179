import Manifests

extension EnvoyManifest {
    /// The demo: two listeners, two applications, both roles of Gatehouse on loopback.
    static let demo = EnvoyManifest(
        listeners: [
            Listener(mode: .grpc, address: NetworkAddress(host: "127.0.0.1", port: 8080)),
            Listener(mode: .http, address: NetworkAddress(host: "127.0.0.1", port: 8081)),
        ],
        upstreams: [
            Upstream(prefix: "/", address: NetworkAddress(host: "127.0.0.1", port: 9101)),
            Upstream(prefix: "/public/", address: NetworkAddress(host: "127.0.0.1", port: 9102)),
            Upstream(prefix: "/echo/", address: NetworkAddress(host: "127.0.0.1", port: 9102)),
        ],
        gatehouse: Gatehouse(
            web: GatehouseListener(.tcp(NetworkAddress(host: "127.0.0.1", port: 9000))),
            checkHTTP: GatehouseListener(.tcp(NetworkAddress(host: "127.0.0.1", port: 9001))),
            checkGRPC: GatehouseListener(.tcp(NetworkAddress(host: "127.0.0.1", port: 9002)))),
        ownPath: "/_gatehouse", issuerPath: "/dex",
        identityHeaders: [
            "kubeflow-userid", "kubeflow-groups", "x-auth-request-email", "x-auth-request-user", "x-auth-request-groups",
        ],
        strip: [.name("x-forwarded-user"), .beginning("x-auth-request-")],
        assertion: Assertion(header: "x-gatehouse-assertion", issuer: "http://localhost:8080", audience: "apps"))
}
