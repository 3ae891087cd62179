import Manifests
import Settings
import Testing

struct EnvoyConfigurationTests {
    @Test func demoConfigurationGivesTheDemoManifest() throws {
        let demo = try Demo.load(sources: sources).configuration
        let manifest = try EnvoyManifest(configuration: demo, placement: placement)
        #expect(manifest.text == EnvoyManifest.demo.text)
    }

    @Test(arguments: [
        ("http://localhost:8080/dex", "/dex"), ("http://localhost:8080/a/b", "/a/b"), ("http://localhost:9000/dex", nil),
    ])
    func issuerIsRoutedWhereItIsBehindThisGateway(issuer: String, path: String?) throws {
        #expect(try EnvoyManifest(configuration: configuration(issuer: issuer), placement: placement).issuerPath == path)
    }

    @Test(arguments: [("0.0.0.0", "127.0.0.1"), ("[::]", "::1"), ("10.0.0.7", "10.0.0.7")])
    func everyAddressIsReachedOnLoopback(listen: String, host: String) throws {
        let configuration = try configuration(listen: "{ web: '\(listen):9000' }")
        let web = try EnvoyManifest(configuration: configuration, placement: placement).gatehouse.web
        #expect(web.place == .tcp(NetworkAddress(host: host, port: 9000)))
    }

    @Test func givenHostReplacesTheListenersOwn() throws {
        var placement = placement
        placement.gatehouse.host = "gatehouse.internal"
        let gatehouse = try EnvoyManifest(configuration: configuration(), placement: placement).gatehouse
        let ports = [(gatehouse.web, 9000), (gatehouse.checkHTTP, 9001), (gatehouse.checkGRPC, 9002)]
        #expect(ports.allSatisfy { $0.0.place == .tcp(NetworkAddress(host: "gatehouse.internal", port: $0.1)) })
    }

    @Test func portOfTheSystemsChoiceIsRefused() throws {
        let configuration = try configuration(listen: "{ checkGRPC: '127.0.0.1:0' }")
        #expect(throws: EnvoyManifestProblem.unknownPort("listen.checkGRPC")) {
            try EnvoyManifest(configuration: configuration, placement: placement)
        }
    }

    @Test func prefixGivenTwiceIsRefused() throws {
        var placement = placement
        placement.upstreams.append(EnvoyManifest.Upstream(prefix: "/", address: NetworkAddress(host: "other", port: 1)))
        let configuration = try configuration()
        #expect(throws: EnvoyManifestProblem.upstreamTwice(prefix: "/")) {
            try EnvoyManifest(configuration: configuration, placement: placement)
        }
    }

    private var placement: EnvoyPlacement {
        EnvoyPlacement(listeners: EnvoyManifest.demo.listeners, upstreams: EnvoyManifest.demo.upstreams)
    }

    private func configuration(
        listen: String = "{ web: '127.0.0.1:9000' }", issuer: String = "http://localhost:8080/dex"
    ) throws -> Configuration {
        let text = """
            listen: \(listen)
            authService:
              publicURL: http://localhost:8080
              secrets: [ { file: cookie.key } ]
              providers: [ { id: local, embedded: true, clientID: gatehouse } ]
              identity:
                headers: { kubeflow-userid: email, kubeflow-groups: groups, x-auth-request-email: email }
                strip: [ x-forwarded-user, x-auth-request-* ]
                assertion: { audience: apps }
            provider:
              issuer: \(issuer)
              clients:
                - id: gatehouse
                  secret: { file: client.secret }
                  redirectURIs: [ http://localhost:8080/_gatehouse/callback ]
            """
        return try Configuration.read(Array(text.utf8), file: "gatehouse.yaml", sources: sources).configuration
    }

    /// Every file that the text names holds the same 64 hexadecimal digits.
    private let sources = ConfigurationSources(
        file: { (_, _) throws(ConfigurationSources.Failure) in
            ConfigurationSources.File(bytes: Array(String(repeating: "5a", count: 32).utf8), mode: 0o600)
        },
        variable: { _ in nil })
}
