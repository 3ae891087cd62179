import Manifests
import Testing

struct TrustedHopsTests {
    private static func text(_ gateway: String, hops: Int) throws -> String {
        var place = EnvoyManifest.demo
        place.trustedHops = hops
        place.trustedProxies = ["10.0.0.0/8"]
        let write = try #require(GatewayGoldenTests.gateways.first { $0.0 == gateway }).1
        return try write(GatewayManifest(place)).map(\.text).joined()
    }

    /// What makes each believe the proxies in front: the second address from the right, or their addresses.
    @Test(arguments: [
        ("nginx", "(?<gatehouse_hop>[0-9A-Fa-f.:]+)[ \\t]*,[^,]*$"), ("haproxy", "req.hdr_ip(x-forwarded-for,-2)"),
        ("caddy", "([0-9A-Fa-f.:]+)\\s*,[^,]*$"), ("traefik", "trustForwardHeader: true"), ("traefik", "10.0.0.0/8"),
    ])
    func proxiesInFrontAreBelieved(gateway: String, line: String) throws {
        #expect(try Self.text(gateway, hops: 2).contains(line))
        #expect(try !Self.text(gateway, hops: 0).contains(line))
    }

    /// forwardAuth would take another request's host and path from whoever is trusted.
    @Test func traefikRemovesWhatIsNotAboutTheClient() throws {
        for name in ["x-forwarded-host", "x-forwarded-method", "x-forwarded-uri"] {
            #expect(try Self.text("traefik", hops: 1).contains("\(name): \"\""))
        }
    }
}
