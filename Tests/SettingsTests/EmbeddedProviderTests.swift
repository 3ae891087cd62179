import JOSE
import Settings
import Testing

/// Both roles in one file.
@Suite struct EmbeddedProviderTests {
    private static let service = """
        authService:
          publicURLs: [https://a.example.com, https://b.example.com]
          secrets: [{ file: cookie.key }]
          providers: [{ id: local, embedded: true, clientID: gatehouse }]

        """

    private static func provider(_ client: String, issuer: String = "https://a.example.com/dex") -> String {
        "provider:\n  issuer: \(issuer)\n  clients: [{ \(client), secret: { file: client.secret } }]\n"
    }

    private static let both = "https://a.example.com/_gatehouse/callback, https://b.example.com/_gatehouse/callback"

    static let refused: [Refused] = [
        Refused(service, "4:15", "`embedded: true`, but the file has no `provider`"),
        Refused(
            service + provider("id: other, redirectURIs: [\(both)]"), "4:54",
            "add there `- { id: gatehouse, secret: { file: client.secret }, redirectURIs: [\(both)] }`"),
        Refused(
            service + provider("id: gatehouse, redirectURIs: [https://a.example.com/_gatehouse/callback]"), "7:44",
            "add `- https://b.example.com/_gatehouse/callback` to its `redirectURIs`"),
        Refused(
            service + provider("id: gatehouse, redirectURIs: [\(both)]", issuer: "https://a.example.com"), "6:11",
            "lie in each other on one origin"),
        Refused(
            service + provider("id: gatehouse, redirectURIs: [\(both)]", issuer: "https://a.example.com/_gatehouse/dex"), "6:11",
            "lie in each other on one origin"),
    ]

    @Test(arguments: refused) func refusesWhatDoesNotFit(_ refused: Refused) { refused.check() }

    @Test func takesTheSecretFromTheClient() throws {
        let configuration = try Fixture.read(Self.service + Self.provider("id: gatehouse, redirectURIs: [\(Self.both)]"))
            .configuration
        #expect(configuration.authService?.providers.first?.clientSecret == nil)
        #expect(configuration.provider?.clients.first?.secret?.bytes == Array(repeating: UInt8(ascii: "c"), count: 32))
    }
}
