import Settings
import Testing

/// Clients that prove who they are by certificates, or exchange tokens of upstreams.
@Suite struct ProviderClientOptionTests {
    private static func client(_ text: String, _ more: String = "") -> String {
        "provider:\n  issuer: https://sso.example.com\n  clients: [{ id: a, \(text) }]\n\(more)"
    }

    private static let named = "tokenEndpointAuth: tls_client_auth, tlsClientAuth: { sanDNS: a.example.com }"
    private static let secret = "secret: { file: client.secret }"
    private static let authority = "  clientCertificates: { source: forwarded, caFile: tls.crt }\n"

    static let refused: [(yaml: String, says: String)] = [
        (
            client("tokenEndpointAuth: tls_client_auth, tlsClientAuth: { subjectDN: CN=a, sanDNS: a }", authority),
            "says several things about the certificate"
        ),
        (
            client("tokenEndpointAuth: tls_client_auth, tlsClientAuth: { certificate: tls.crt }", authority),
            "`tlsClientAuth` does not fit `tokenEndpointAuth`"
        ),
        (client(secret + ", tlsClientAuth: { sanDNS: a }", authority), "`tlsClientAuth` does not fit `tokenEndpointAuth`"),
        (client(named), "certificates of clients do not count here"),
        (client(secret + ", tlsBoundAccessTokens: true"), "certificates of clients do not count here"),
        (
            client(named, "  clientCertificates: { source: forwarded }\n"), "nobody vouches for the name in the certificate"
        ),
        (client(secret, "  clientCertificates: { caFile: tls.crt }\n"), "`listen.web` asks nobody for a certificate"),
        (
            client(secret, "  clientCertificates: { source: forwarded, caFile: tls.key }\n"),
            "holds something else than authorities' certificates"
        ),
        (client(secret + ", exchangeConnectors: [local]"), "`exchangeConnectors` goes with the grant type `token_exchange`"),
        (client(secret + ", grantTypes: [token_exchange], exchangeConnectors: [local]"), "`local`"),
    ]

    @Test(arguments: refused.indices) func refuses(_ index: Int) {
        let errors = Fixture.errors(Self.refused[index].yaml)
        #expect(errors.contains { $0.contains(Self.refused[index].says) }, "\(errors)")
    }

    @Test func proofKeysOfConfidentialClients() throws {
        let yaml = Self.client(
            "\(Self.secret), redirectURIs: [https://a.example/cb], requirePKCE: true }, { id: b, \(Self.secret)")
        let clients = try #require(try Fixture.read(yaml).configuration.provider).clients
        #expect(clients.map(\.requiresPKCE) == [true, false])
    }

    @Test func lifetimesOfItsOwn() throws {
        let own = "idTokenLifetime: 10m, accessTokenLifetime: 5m, refreshTokenIdle: 7d, refreshTokenLifetime: 30d"
        let yaml = Self.client("\(Self.secret), redirectURIs: [https://a.example/cb], \(own) }, { id: b, \(Self.secret)")
        let clients = try #require(try Fixture.read(yaml).configuration.provider).clients
        let lifetimes = clients.map { client in
            [client.idTokenLifetime, client.accessTokenLifetime, client.refreshTokenIdle, client.refreshTokenLifetime]
        }
        #expect(lifetimes == [[600, 300, 7 * 86400, 30 * 86400], [nil, nil, nil, nil]])
    }

    @Test func reads() throws {
        let own =
            "tokenEndpointAuth: self_signed_tls_client_auth, tlsClientAuth: { certificate: tls.crt }, tlsBoundAccessTokens: true"
        let provider = try #require(
            try Fixture.read(Self.client("\(Self.named) }, { id: b, \(own)", Self.authority)).configuration.provider)
        #expect(provider.clientCertificates?.isForwarded == true && provider.clientCertificates?.authorities.count == 1)
        #expect(provider.clients.map(\.bindsAccessTokens) == [false, true])
        guard case .host("a.example.com")? = provider.clients[0].certificate,
            case .certificates(let files)? = provider.clients[1].certificate
        else {
            Issue.record("\(provider.clients)")
            return
        }
        #expect(files.count == 1)
    }
}
