import Settings
import Testing

@Suite struct ProviderTests {
    private static func client(_ text: String) -> String {
        "provider:\n  issuer: https://sso.example.com\n  clients: [{ id: a, \(text) }]\n"
    }
    private static func redirect(_ uri: String) -> String { client("public: true, redirectURIs: [\"\(uri)\"]") }
    private static func user(_ text: String) -> String {
        "provider:\n  issuer: https://sso.example.com\n  users: [{ \(text) }]\n"
    }
    private static func hash(_ hash: String) -> String { user("email: a@example.com, hash: \(hash)") }

    static let issuers: [Refused] = [
        ("http://sso.example.com", "is http on another machine"), ("http://10.0.0.1/dex", "is http on another machine"),
        ("http://localhost.example.com", "is http on another machine"), ("https://sso.example.com/", "the issuer ends in `/`"),
        ("https://sso.example.com/dex/", "the issuer ends in `/`"), ("https://sso.example.com/a/../b", "has `.` or `..`"),
        ("https://sso.example.com/%zz", "without two hexadecimal digits"), ("sso", "is not an absolute URL"),
    ].map { Refused("provider:\n  issuer: \($0)\n", "2:11", $1) }

    static let redirects: [Refused] = [
        ("https://*.example.com/cb", "has a wildcard"), ("https://a.example.com/*", "has a wildcard"),
        ("https://a.example.com/cb#x", "has a fragment"), ("app:/cb#x", "has a fragment"), ("/callback", "is not absolute"),
        ("callback", "is not absolute"), ("//a.example.com/cb", "is not absolute"),
        ("javascript:alert(1)", "a scheme that is not taken"),
        ("HTTPS://a.example.com", "a scheme that is not taken"), ("https://a.example.com/../x", "has `.` or `..`"),
        ("https://u@a.example.com/", "names a user"), ("https://", "is not a host"),
    ].map { Refused(redirect($0), "3:51", $1) }

    static let clients: [Refused] = [
        Refused(client("name: x"), "3:13", "the client `a` has no `secret`; add `secret: { file: … }`, or `public: true`"),
        Refused(client("public: true, secret: { file: client.secret }"), "3:44", "the public client `a` has a `secret`"),
        Refused(client("secret: { file: empty }"), "3:30", "the client secret has 0 bytes"),
        Refused(client("public: true }, { id: a, public: true"), "3:44", "the client id `a` is there already, in line 3"),
        Refused(client("public: true, id: b"), "3:15", "stands twice"),
    ]

    static let users: [Refused] = [
        Refused(
            hash("x"), "3:41", "the password hash is neither bcrypt nor Argon2id; put in what `gatehouse hash-password` prints"),
        Refused(hash(Fixture.hash + "x"), "3:41", "is neither bcrypt nor Argon2id"),
        Refused(hash(Fixture.hash.replacing("$2b$", with: "$2x$")), "3:41", "is neither bcrypt nor Argon2id"),
        Refused(hash(Fixture.hash.replacing("$10$", with: "$07$")), "3:41", "has the bcrypt cost 7"),
        Refused(hash(Fixture.hash.replacing("$10$", with: "$17$")), "3:41", "has the bcrypt cost 17"),
        Refused(user("hash: \(Fixture.hash)"), "3:11", "`email` is missing"),
        Refused(user("email: a@example.com"), "3:11", "`hash` is missing"),
        Refused(user("email: a, hash: \(Fixture.hash)"), "3:20", "is not an e-mail address"),
        Refused(user("email: a@b@example.com, hash: \(Fixture.hash)"), "3:20", "is not an e-mail address"),
        Refused(user("email: a@example.com, hash: \(Fixture.hash), groups: [\"a,b\"]"), "3:112", "has a comma"),
        Refused(
            user("email: a@example.com, hash: \(Fixture.hash) }, { email: A@example.com, hash: \(Fixture.hash)"), "3:114",
            "the e-mail address `a@example.com` is there already"),
        Refused(
            user(
                "email: a@example.com, userID: x, hash: \(Fixture.hash) }, { email: b@example.com, userID: x, hash: \(Fixture.hash)"
            ),
            "3:148", "the user id `x` is there already"),
        Refused(Fixture.provider + "  signingAlgorithms: []\n", "5:22", "`signingAlgorithms` is empty"),
        Refused(Fixture.provider + "  signingAlgorithms: [none]\n", "5:23", "`none` is not known here"),
    ]

    static let secondFactors: [Refused] = [
        Refused(Fixture.provider + "  mfa: { required: sometimes }\n", "5:20", "`sometimes` is not known here"),
        Refused(Fixture.provider + "  mfa: { required: groups }\n", "5:20", "`required: groups` and `groups` go together"),
        Refused(Fixture.provider + "  mfa: { groups: [a] }\n", "5:18", "`required: groups` and `groups` go together"),
        Refused(Fixture.provider + "  mfa: { acrValues: [] }\n", "5:21", "`acrValues` is empty"),
        Refused(client("public: true, mfa: always"), "3:41", "write one of `skip`, `ifEnrolled`, `required`"),
    ]

    @Test(arguments: secondFactors) func refusesSecondFactors(_ refused: Refused) { refused.check() }
    @Test(arguments: issuers) func refusesIssuers(_ refused: Refused) { refused.check() }
    @Test(arguments: redirects) func refusesRedirectURIs(_ refused: Refused) { refused.check() }
    @Test(arguments: clients) func refusesClients(_ refused: Refused) { refused.check() }
    @Test(arguments: users) func refusesUsers(_ refused: Refused) { refused.check() }

    @Test(arguments: ["http://localhost:8080/dex", "http://127.0.0.1", "http://[::1]:5556/dex", "https://sso.example.com:8443/a"])
    func takesIssuers(_ issuer: String) {
        #expect(Fixture.errors("provider:\n  issuer: \(issuer)\n") == [])
    }

    @Test(arguments: ["https://a.example.com/cb?x=1", "http://127.0.0.1/cb", "com.example.app:/cb", "http://[::1]:1/"])
    func takesRedirectURIs(_ uri: String) {
        #expect(Fixture.errors(Self.redirect(uri)) == [])
    }
}
