import JOSE
import Settings
import Testing

struct PasskeySettingsTests {
    private static func provider(_ issuer: String, _ passkeys: String) -> String {
        """
        provider:
          issuer: \(issuer)
          clients: [{ id: app, secret: { file: client.secret }, redirectURIs: [https://app.example.com/cb] }]
          users: [{ email: admin@example.com, hash: \(Fixture.hash), groups: [admins] }]
          mfa: { passkeys: \(passkeys) }

        """
    }

    @Test(
        arguments: [
            ("https://sso.example.com", "{}", "sso.example.com"),
            ("https://sso.example.com/dex", "{ rpID: example.com }", "example.com"),
            ("https://sso.example.com", "{ rpID: sso.example.com }", "sso.example.com"),
            ("http://localhost:5556", "{}", "localhost"),
            // Nowhere has a browser passkeys for these.
            ("http://127.0.0.1:5556", "{}", nil), ("https://192.0.2.1", "{}", nil),
            ("https://sso.example.com", "{ enabled: false }", nil),
        ] as [(String, String, String?)])
    func relyingPartyIDs(issuer: String, passkeys: String, id: String?) throws {
        let provider = try #require(Fixture.read(Self.provider(issuer, passkeys)).configuration.provider)
        #expect(provider.mfa.passkeys.relyingPartyID(for: provider.issuer) == id)
    }

    @Test(arguments: [
        ("https://sso.example.com", "{ rpID: other.example.com }", "does not end in `other.example.com`"),
        ("https://sso.example.com", "{ rpID: ample.com }", "does not end in `ample.com`"),
        ("https://sso.example.com", "{ rpID: com }", "`com` is a public suffix"),
        ("https://sso.example.com", "{ rpID: 192.0.2.1 }", "is not a host name"),
        ("https://sso.example.com", "{ rpID: \"https://example.com\" }", "is not a host name"),
        ("https://192.0.2.1", "{ rpID: example.com }", "no browser has passkeys for `https://192.0.2.1`"),
        ("https://sso.example.com", "{ userVerification: always }", "`always` is not known here"),
        ("https://sso.example.com", "{ attestationRoots: missing.pem }", "cannot be read"),
        ("https://sso.example.com", "{ attestationRoots: cookie.key }", "holds no certificates"),
        ("https://sso.example.com", "{ roots: tls.crt }", "roots"),
    ])
    func refusesWhatBrowsersWould(issuer: String, passkeys: String, complaint: String) {
        let errors = Fixture.errors(Self.provider(issuer, passkeys))
        #expect(errors.count == 1 && errors[0].contains(complaint), "\(errors)")
    }

    @Test func readsRoots() throws {
        let provider = try #require(
            Fixture.read(Self.provider("https://sso.example.com", "{ attestationRoots: tls.crt }")).configuration.provider)
        #expect(provider.mfa.passkeys.attestationRoots.map(\.subject.commonNames) == [["gatehouse.test"]])
    }
}
