import ExtAuthz
import NIOCore
import Testing
import Web

struct TrustedProxiesTests {
    private let proxies = TrustedProxies(["10.0.0.0/8", "fd00::/8"].compactMap(AddressRange.init))

    @Test(
        arguments: [
            ([], nil),
            (["192.0.2.1"], "192.0.2.1"),
            (["192.0.2.1, 10.0.0.1"], "192.0.2.1"),
            (["6.6.6.6, 192.0.2.1,10.0.0.1"], "192.0.2.1"),
            (["6.6.6.6", "192.0.2.1"], "192.0.2.1"),
            (["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
            (["garbage, 10.0.0.2"], "10.0.0.2"),
            (["192.0.2.1, garbage"], nil),
            ([""], nil),
            (["192.0.2.1,"], nil),
            (["fd00::1", "2001:db8::7"], "2001:db8::7"),
            (["fe80::1%any text"], "fe80::1"),
            (["192.0.2.1\0garbage, 10.0.0.2"], "10.0.0.2"),
        ] as [([String], String?)])
    func clientBehindProxies(lines: [String], client: String?) {
        #expect(proxies.client(forwardedFor: lines) == client)
    }

    @Test(arguments: [("10.1.2.3", true), ("192.0.2.1", false), ("fd00::1", true), ("::ffff:10.1.2.3", true)])
    func peerByAddress(address: String, isTrusted: Bool) throws {
        #expect(proxies.contains(try SocketAddress(ipAddress: address, port: 1)) == isTrusted)
    }

    @Test func peerOnUnixSocketIsTrusted() throws {
        #expect(TrustedProxies([]).contains(try SocketAddress(unixDomainSocketPath: "/run/gatehouse.sock")))
    }

    @Test func unnamedPeerIsNot() {
        #expect(!proxies.contains(nil as SocketAddress?))
    }
}
