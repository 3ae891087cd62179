import Foundation
import Manifests
import Testing

/// TLS to Gatehouse, and the proxy's secret, in what is written.
struct SecuredManifestTests {
    private static let tls = GatehouseTLS(
        authority: "/etc/ca.crt", serverName: "gatehouse.internal",
        client: GatewayCertificate(certificate: "/etc/own.crt", key: "/etc/own.key"))

    private static func place(_ tls: GatehouseTLS? = tls, secret: String? = nil) -> EnvoyManifest {
        var place = EnvoyManifest.demo
        place.gatehouse.web.tls = tls
        place.gatehouse.checkHTTP.tls = tls
        place.gatehouse.checkGRPC.tls = tls
        place.gatehouse.proxySecret = secret
        return place
    }

    /// Caddy has a block for each of two addresses, with the check, our pages and the provider's. What makes each gateway verify, show its own certificate, and stop at a wrong name.
    @Test(arguments: [
        (
            "nginx", 2,
            [
                "proxy_ssl_verify on;", "proxy_ssl_trusted_certificate /etc/ca.crt;", "proxy_ssl_name gatehouse.internal;",
                "proxy_ssl_certificate /etc/own.crt;", "proxy_ssl_certificate_key /etc/own.key;",
            ]
        ),
        (
            "caddy", 6,
            [
                "tls_trust_pool file /etc/ca.crt", "tls_server_name gatehouse.internal",
                "tls_client_auth /etc/own.crt /etc/own.key",
            ]
        ),
        ("haproxy", 2, ["ssl verify required ca-file /etc/ca.crt verifyhost gatehouse.internal", "crt /etc/own.crt"]),
    ])
    func bothListenersAreVerified(gateway: String, times: Int, lines: [String]) throws {
        let write = try #require(GatewayGoldenTests.gateways.first { $0.0 == gateway }).1
        let text = try write(GatewayManifest(Self.place())).map(\.text).joined()
        for line in lines { #expect(text.components(separatedBy: line).count == times + 1, "\(line)") }
    }

    @Test func envoyVerifiesEveryListener() {
        let text = Self.place().text
        for line in ["filename: /etc/ca.crt", "exact: gatehouse.internal", "sni: gatehouse.internal", "filename: /etc/own.key"] {
            #expect(text.components(separatedBy: line).count == 4, "\(line)")
        }
    }

    @Test func envoyLooksForAnAddressAsOne() {
        var tls = Self.tls
        tls.serverName = "10.0.0.7"
        let text = Self.place(tls).text
        #expect(text.contains("san_type: IP_ADDRESS"))
        #expect(!text.contains("sni:"))
    }

    @Test(arguments: ["nginx", "haproxy"]) func anAddressIsNoName(gateway: String) throws {
        var tls = Self.tls
        tls.serverName = "10.0.0.7"
        let write = try #require(GatewayGoldenTests.gateways.first { $0.0 == gateway }).1
        #expect(throws: EnvoyManifestProblem.addressAsName("10.0.0.7")) { try write(GatewayManifest(Self.place(tls))) }
    }

    @Test(arguments: GatewayGoldenTests.gateways)
    func theSecretIsInAPrivateFileOnly(
        gateway: String, files: @Sendable (GatewayManifest) throws -> [ManifestFile]
    ) throws {
        let written = try files(GatewayManifest(Self.place(nil, secret: "s3cret-of-the-proxy")))
        #expect(written.contains { $0.text.contains("s3cret-of-the-proxy") })
        #expect(written.allSatisfy { $0.isPrivate == $0.text.contains("s3cret-of-the-proxy") })
    }

    /// With the check over HTTP on one of two listeners, and with our own and the provider's pages on both.
    @Test func envoyShowsTheSecretWithEveryPageToo() {
        var place = Self.place(nil, secret: "s3cret-of-the-proxy")
        #expect(place.file.isPrivate && place.text.components(separatedBy: "s3cret-of-the-proxy").count == 6)
        place.listeners.removeAll { $0.mode == .http }
        #expect(place.file.isPrivate && place.text.components(separatedBy: "s3cret-of-the-proxy").count == 3)
    }

    /// To our own pages, and to no application.
    @Test(arguments: [
        ("nginx", "proxy_set_header x-gatehouse-proxy-secret $gatehouse_secret;"), ("traefik", "gatehouse-own-pages"),
        ("caddy", "header_up x-gatehouse-proxy-secret s3cret-of-the-proxy"),
        ("haproxy", "http-request set-header x-gatehouse-proxy-secret %[var(txn.gatehouse_secret)]"),
    ])
    func theOthersShowItWithEveryPageToo(gateway: String, line: String) throws {
        let write = try #require(GatewayGoldenTests.gateways.first { $0.0 == gateway }).1
        #expect(try write(GatewayManifest(Self.place(nil, secret: "s3cret-of-the-proxy"))).contains { $0.text.contains(line) })
        #expect(try !write(GatewayManifest(Self.place(nil))).contains { $0.text.contains(line) })
    }
}
