import Manifests
import Testing

struct EnvoyManifestTests {
    @Test func routesGoFromTheOwnPathsToTheLongestPrefix() {
        var manifest = EnvoyManifest.demo
        let address = NetworkAddress(host: "127.0.0.1", port: 9100)
        manifest.upstreams = ["/", "/b/", "/a/", "/a/deep/"].map { EnvoyManifest.Upstream(prefix: $0, address: address) }
        manifest.listeners = Array(manifest.listeners.prefix(1))
        #expect(
            lines(of: manifest, beginning: "prefix: ", "path_separated_prefix: ", after: "route_config:") == [
                "path_separated_prefix: /_gatehouse", "path_separated_prefix: /dex",
                "prefix: /a/deep/", "prefix: /a/", "prefix: /b/", "prefix: /",
            ])
    }

    @Test func everyOwnedHeaderAndPatternIsRemovedOnceOnEveryListener() {
        let text = EnvoyManifest.demo.text
        for line in [
            "remove: kubeflow-userid", "remove: kubeflow-groups", "remove: x-auth-request-email", "remove: x-gatehouse-assertion",
            "remove: x-forwarded-user", "prefix: x-auth-request-", "prefix: x-envoy-", "remove: x-forwarded-for",
        ] {
            #expect(count(of: line, in: text) == 2, "\(line)")
        }
    }

    /// The check needs the client's own credentials even where an answer may replace them.
    @Test(arguments: ["authorization", "Cookie"])
    func credentialsReachTheCheck(header: String) {
        var manifest = EnvoyManifest.demo
        manifest.identityHeaders.append(header)
        #expect(count(of: "remove: " + header.lowercased(), in: manifest.text) == 0)
    }

    @Test func forwardingHeadersOfATrustedProxyAreKept() {
        var manifest = EnvoyManifest.demo
        manifest.trustedHops = 1
        #expect(count(of: "remove: x-forwarded-for", in: manifest.text) == 0)
        #expect(count(of: "xff_num_trusted_hops: 1", in: manifest.text) == 2)
    }

    @Test func clientCertificatesAreToldOnlyWhereTheyAreAskedFor() {
        var manifest = EnvoyManifest.demo
        #expect(!manifest.text.contains("client_cert") && !manifest.text.contains("include_peer_certificate"))
        manifest.tellsClientCertificates = true
        #expect(count(of: "forward_client_cert_details: SANITIZE_SET", in: manifest.text) == 2)
        #expect(count(of: "include_peer_certificate: true", in: manifest.text) == 1)
    }

    @Test func withoutAnAssertionNothingVerifiesOne() {
        var manifest = EnvoyManifest.demo
        manifest.assertion = nil
        #expect(!manifest.text.contains("jwt_authn"))
    }

    @Test func adminIsOpenOnlyWhenAsked() {
        var manifest = EnvoyManifest.demo
        #expect(!manifest.text.contains("admin:"))
        manifest.admin = NetworkAddress(host: "127.0.0.1", port: 9901)
        #expect(manifest.text.contains("port_value: 9901"))
    }

    @Test func namesAreResolvedAndAddressesTakenAsTheyAre() {
        var manifest = EnvoyManifest.demo
        manifest.upstreams = [
            EnvoyManifest.Upstream(prefix: "/", address: NetworkAddress(host: "app.internal", port: 80)),
            EnvoyManifest.Upstream(prefix: "/6/", address: NetworkAddress(host: "::1", port: 80)),
        ]
        #expect(count(of: "type: STRICT_DNS", in: manifest.text) == 1)
        #expect(count(of: "type: STATIC", in: manifest.text) == 4)
    }

    @Test func inputCannotAddAKey() {
        var manifest = EnvoyManifest.demo
        manifest.upstreams[0].prefix = "/\nadmin: {address: {}}\n#"
        #expect(!manifest.text.split(separator: "\n").contains { $0.hasPrefix("admin") })
    }

    private func count(of line: String, in text: String) -> Int {
        text.split(separator: "\n").count { $0.hasSuffix(" " + line) }
    }

    private func lines(of manifest: EnvoyManifest, beginning prefixes: String..., after start: String) -> [String] {
        manifest.text.split(separator: "\n").map { $0.drop { $0 == " " || $0 == "-" } }
            .drop { $0 != start }.filter { line in prefixes.contains { line.hasPrefix($0) } }.map(String.init)
    }
}
