import AuthService
import EnvoyAPI
import ExtAuthz
import SwiftProtobuf
import Testing
import Web

/// Whose word about a client's certificate counts.
struct ClientCertificateTrustTests {
    private static let forwarded = "x-forwarded-client-cert"

    /// What the authorizer is asked, over gRPC or HTTP.
    private func request(
        trusted: [String], haveCertificates: Bool, _ send: @Sendable @escaping (TestListeners) async throws -> Void
    ) async throws -> CheckRequest {
        let authorizer = StubAuthorizer(.allow)
        try await TestListeners.run(authorizer, trusted: trusted, haveCertificates: haveCertificates, send)
        return try #require(authorizer.requests.first)
    }

    private static let peers: [([String], Bool, Bool)] = [
        ([], false, false), (["10.0.0.0/8"], false, false), (["127.0.0.0/8"], false, true), ([], true, true),
    ]

    @Test(arguments: peers) func overGRPC(trusted: [String], haveCertificates: Bool, counts: Bool) async throws {
        let message = CheckMessageReaderTests.message { $0.headers[Self.forwarded] = "URI=a" }
        let body = GRPCTestClient.framed(try message.serializedBytes())
        let request = try await request(trusted: trusted, haveCertificates: haveCertificates) { listeners in
            let client = try await GRPCTestClient.connect(port: listeners.grpcPort)
            _ = try await client.call(GRPCTestClient.checkPath, body: body)
            try await client.close()
        }
        #expect(request.gatewayTellsCertificate == counts)
    }

    @Test(arguments: peers) func overEnvoysHTTP(trusted: [String], haveCertificates: Bool, counts: Bool) async throws {
        let request = try await request(trusted: trusted, haveCertificates: haveCertificates) { listeners in
            let text = "GET /envoy/app HTTP/1.1\nHost: app.example\nConnection: close\nX-Forwarded-Client-Cert: URI=a\n\n"
            _ = try await RawHTTP1Client(port: listeners.httpPort).exchange(text)
        }
        #expect(request.gatewayTellsCertificate == counts)
        #expect(request.http.headers.all(Self.forwarded) == (counts ? ["URI=a"] : []))
    }

    /// These hand on whatever a client has sent.
    @Test(arguments: ForwardedListenerTests.paths) func ofNoOtherGateway(path: String) async throws {
        let request = try await request(trusted: ["127.0.0.0/8"], haveCertificates: true) { listeners in
            let head = "GET \(path) HTTP/1.1\nHost: check\nConnection: close\n"
            let lines = ForwardedCheck(path).lines + "X-Forwarded-Client-Cert: URI=a\n"
            _ = try await RawHTTP1Client(port: listeners.httpPort).exchange(head + lines + "\n")
        }
        #expect(!request.gatewayTellsCertificate)
    }

    @Test func thePeersCertificateIsRead() throws {
        // `attributes.source` with its address, principal (4) and certificate (5); the last of several counts.
        let source: [UInt8] = [0x22, 1, 0x61, 0x22, 2, 0x62, 0xFF, 0x2A, 1, 0x63]
        let attributes: [UInt8] = [0x0A, UInt8(source.count)] + source
        let message: [UInt8] = [0x0A, UInt8(attributes.count)] + attributes
        let fields = try #require(CheckFields(message))
        #expect(Array(fields.bytes[fields.sourcePrincipal.range]) == [0x62, 0xFF])
        #expect(fields.text(fields.sourceCertificate) == "c")
        let reader = CheckMessageReader(trusted: TrustedProxies([])) { "id" }
        let whole = try CheckMessageReaderTests.message().serializedBytes() as [UInt8] + message
        let request = try reader.read(whole, isFromGateway: true)
        #expect(request.message.text(request.message.peerCertificate) == "c")
        #expect(request.gatewayTellsCertificate)
    }
}
