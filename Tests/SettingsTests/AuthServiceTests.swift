import Settings
import Testing

@Suite struct AuthServiceTests {
    /// The service with other public URLs and further lines.
    private static func service(_ urls: String, _ more: String = "") -> String {
        Fixture.service.replacing("publicURL: https://apps.example.com", with: urls) + more
    }

    static let publicURLs: [Refused] = [
        Refused(service("path: /_gatehouse"), "2:3", "`publicURL` is missing"),
        Refused(service("publicURL: apps.example.com"), "2:14", "is not an absolute URL"),
        Refused(service("publicURL: ftp://apps.example.com"), "2:14", "is not an absolute URL"),
        Refused(
            service("publicURL: https://apps.example.com/"), "2:14", "a public URL has no path; write `https://apps.example.com`"),
        Refused(service("publicURL: https://apps.example.com/x"), "2:14", "a public URL has no path"),
        Refused(service("publicURL: https://apps.example.com?x"), "2:14", "a public URL has no path"),
        Refused(service("publicURL: 'https://apps.example.com#x'"), "2:14", "has a fragment"),
        Refused(service("publicURL: https://me@apps.example.com"), "2:14", "names a user"),
        Refused(service("publicURL: https://apps.example.com:0"), "2:14", "is not a host with or without a port"),
        Refused(service("publicURL: https://apps..example.com"), "2:14", "is not a host"),
        Refused(service("publicURL: 'https://apps.example.com\\@evil'"), "2:14", "has characters that no URL has"),
        Refused(service("publicURLs: []"), "2:15", "`publicURLs` is empty"),
        Refused(service("publicURLs: [https://a.example.com, https://A.example.com:443]"), "2:39", "is there twice"),
        Refused(service("publicURL: https://a.example.com\n  publicURLs: [https://b.example.com]"), "2:3", "are both there"),
        Refused(Fixture.service + "  path: gatehouse\n", "5:9", "is not a path for the service's own endpoints"),
        Refused(Fixture.service + "  path: /\n", "5:9", "is not a path"),
        Refused(Fixture.service + "  path: /x/\n", "5:9", "is not a path"),
        Refused(Fixture.service + "  path: /../x\n", "5:9", "is not a path"),
    ]

    static let cookies: [Refused] = [
        Refused(Fixture.service + "  cookie: { domain: com }\n", "5:21", "is a public suffix"),
        Refused(service("publicURL: https://a.co.uk", "  cookie: { domain: co.uk }\n"), "5:21", "is a public suffix"),
        Refused(service("publicURL: https://a.github.io", "  cookie: { domain: github.io }\n"), "5:21", "is a public suffix"),
        Refused(service("publicURL: http://localhost:8080", "  cookie: { domain: localhost }\n"), "5:21", "is a public suffix"),
        Refused(service("publicURL: http://127.0.0.1", "  cookie: { domain: 127.0.0.1 }\n"), "5:21", "is an address"),
        Refused(Fixture.service + "  cookie: { domain: other.com }\n", "5:21", "`apps.example.com` is not in the cookie domain"),
        Refused(Fixture.service + "  cookie: { domain: s.example.com }\n", "5:21", "is not in the cookie domain"),
        Refused(Fixture.service + "  cookie: { domain: a b }\n", "5:21", "is not a domain"),
        Refused(
            Fixture.service + "  cookie: { sameSite: none, secure: never }\n", "5:23",
            "`sameSite: none` needs the attribute Secure"),
        Refused(service("publicURL: http://localhost", "  cookie: { sameSite: none }\n"), "5:23", "needs the attribute Secure"),
        Refused(
            service("publicURL: http://a.example.com", "  cookie: { secure: always }\n"), "5:21", "browsers keep no such cookie"),
        Refused(Fixture.service + "  cookie: { name: a b }\n", "5:19", "is not a cookie name"),
        Refused(Fixture.service + "  cookie: { name: __Host-x }\n", "5:19", "promises the attribute Secure"),
        Refused(
            Fixture.service + "  cookie: { name: __Host-x, secure: always, domain: example.com }\n", "5:19", "promises one host"),
    ]

    static let secrets: [Refused] = [
        Refused(Fixture.service.replacing("[{ file: cookie.key }]", with: "[]"), "3:12", "`secrets` is empty; run `openssl rand"),
        Refused(
            Fixture.service.replacing("cookie.key", with: "short.key"), "3:13", "the cookie key has 31 bytes; make it at least 32"
        ),
        Refused(Fixture.service.replacing("cookie.key", with: "open.key"), "3:13", "can be read by others; run `chmod 600`"),
        Refused(
            Fixture.service.replacing("cookie.key", with: "none.key"), "3:13", "`/etc/gatehouse/none.key` cannot be read (No such"
        ),
        Refused(
            Fixture.service.replacing("file: cookie.key", with: "env: NOTHING"), "3:13",
            "the environment variable `NOTHING` is not set"),
        Refused(
            Fixture.service.replacing("file: cookie.key", with: "path: cookie.key"), "3:15", "unknown key `path` in `secret`"),
        Refused(Fixture.service.replacing("{ file: cookie.key }", with: "{ }"), "3:13", "has either `file` or `env`"),
        Refused(
            Fixture.service.replacing("{ file: cookie.key }", with: "{ file: cookie.key, env: A }"), "3:13",
            "has either `file` or `env`"),
        Refused(Fixture.service.replacing("{ file: cookie.key }", with: "short"), "3:13", "the cookie key has 5 bytes"),
        Refused(Fixture.service.replacing("{ file: cookie.key }", with: "[x]"), "3:13", "a secret belongs here, not a list"),
        Refused(
            Fixture.service.replacing("[{ file: cookie.key }]", with: "[{ file: cookie.key }, { file: cookie.key }]"), "3:35",
            "this cookie key is there already"),
        Refused(Fixture.service.replacing("secrets: [{ file: cookie.key }]", with: "path: /x"), "2:3", "`secrets` is missing"),
    ]

    static let providers: [Refused] = [
        Refused(Fixture.service.replacing("https://sso", with: "http://sso"), "4:35", "is http on another machine; use https"),
        Refused(Fixture.service.replacing("sso.example.com", with: "sso.example.com?x"), "4:35", "an issuer has no query"),
        Refused(Fixture.service.replacing("id: corp", with: "id: a/b"), "4:21", "`a/b` is not an id"),
        Refused(Fixture.service.replacing("issuer: https://sso.example.com, ", with: ""), "4:15", "the entry has no `issuer`"),
        Refused(
            Fixture.service.replacing("id: corp", with: "id: corp, embedded: true"), "4:15", "is `embedded` and has an `issuer`"),
        Refused(Fixture.service.replacing(", clientSecret: { env: CORP_SECRET }", with: ""), "4:15", "`clientSecret` is missing"),
        Refused(
            Fixture.service.replacing("clientID: x", with: "clientID: x, tokenEndpointAuth: none"), "4:112",
            "`tokenEndpointAuth` is `none`"),
        Refused(
            Fixture.service.replacing("clientID: x", with: "clientID: x, scopes: [email]"), "4:81", "`scopes` lacks `openid`"),
        Refused(
            Fixture.service.replacing("clientID: x", with: "clientID: x, scopes: [openid, a b]"), "4:90", "`a b` is not a scope"),
        Refused(
            Fixture.service.replacing(
                "providers: [",
                with: "providers: [{ id: corp, issuer: https://b.example.com, clientID: x, tokenEndpointAuth: none }, "),
            "4:104", "the provider id `corp` is there already, in line 4"),
        Refused(
            Fixture.service.split(separator: "\n").dropLast().joined(separator: "\n") + "\n  providers: []\n", "4:14",
            "nobody could sign in"),
    ]

    @Test(arguments: publicURLs) func refusesPublicURLs(_ refused: Refused) { refused.check() }
    @Test(arguments: cookies) func refusesCookies(_ refused: Refused) { refused.check() }
    @Test(arguments: secrets) func refusesSecrets(_ refused: Refused) { refused.check() }
    @Test(arguments: providers) func refusesProviders(_ refused: Refused) { refused.check() }
}
