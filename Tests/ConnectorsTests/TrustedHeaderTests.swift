import Connectors
import JOSE
import OpenIDProvider
import Testing
import Web

/// Whom a proxy's header signs in.
@Suite struct TrustedHeaderTests {
    private static let request = UpstreamRequest(
        redirectURI: "https://sso.example.com/callback/portal", state: "s", nonce: "n", codeVerifier: Secret(utf8: "v"))

    private static func outcome(
        _ headers: HeaderList, from peer: String = "10.0.0.1", secret: String? = nil
    ) async throws -> UpstreamOutcome {
        var options = TrustedHeaderConnector.Options(trustedProxies: [try #require(AddressRange("10.0.0.0/24"))])
        options.groups = ["all"]
        options.proxySecret = secret.map { Secret(utf8: $0) }
        let connector = TrustedHeaderConnector(id: "portal", name: "Portal", redirectURI: request.redirectURI, options: options)
        let fields = try #require(FormFields(query: "state=s"))
        return await connector.signIn(UpstreamReply(fields: fields, headers: headers, peerAddress: peer), to: request)
    }

    @Test func theHeadersOfATrustedProxy() async throws {
        let outcome = try await Self.outcome([
            "x-remote-user": "eve", "x-remote-user-id": "7", "x-remote-user-email": "eve@example.org", "x-remote-group": "a, b,",
        ])
        guard case .authenticated(let user) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(user.user.id == "7" && user.kept == nil)
        #expect(user.user.claims["email"] == "eve@example.org" && user.user.claims["groups"] == ["a", "b", "all"])
    }

    static let refused: [(headers: HeaderList, peer: String, secret: String?, kind: UpstreamRefusal.Kind)] = [
        (["x-remote-user": "eve"], "10.0.1.1", nil, .reply), (["x-remote-user": "eve"], "", nil, .reply),
        (["x-remote-user": "eve"], "unix", nil, .reply),
        ([:], "10.0.0.1", nil, .denied), (["x-remote-user": ""], "10.0.0.1", nil, .denied),
        (["x-remote-user": "eve", "X-Remote-User": "admin"], "10.0.0.1", nil, .reply),
        (["x-remote-user": "eve", "x-remote-group": "a", "X-Remote-Group": "b"], "10.0.0.1", nil, .reply),
        (["x-remote-user": "eve"], "10.0.0.1", "right", .reply),
        (["x-remote-user": "eve", "x-gatehouse-proxy-secret": "wrong"], "10.0.0.1", "right", .reply),
        (
            ["x-remote-user": "eve", "x-gatehouse-proxy-secret": "right", "X-Gatehouse-Proxy-Secret": "right"], "10.0.0.1",
            "right", .reply
        ),
    ]

    @Test(arguments: refused.indices) func nobodyElse(_ index: Int) async throws {
        let row = Self.refused[index]
        let outcome = try await Self.outcome(row.headers, from: row.peer, secret: row.secret)
        guard case .refused(let refusal) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(refusal.kind == row.kind)
    }
}
