import Settings
import Testing

/// Keys, types and values, each by itself.
@Suite struct SectionTests {
    static let keys: [Refused] = [
        Refused("lisen: {}\n" + Fixture.service, "1:1", "unknown key `lisen` in `the file`; did you mean `listen`?"),
        Refused(Fixture.service + "  publicUrls: []\n", "5:3", "did you mean `publicURLs`?"),
        Refused(Fixture.service + "  cookie: { samesite: lax }\n", "5:13", "did you mean `sameSite`?"),
        Refused(Fixture.service + "  zzz: 1\n", "5:3", "its keys are `publicURL`, "),
        Refused(Fixture.provider + "  tokens: { refresh: { reusewindow: 1s } }\n", "5:24", "did you mean `reuseWindow`?"),
        Refused(Fixture.service + "telemetry: {}\n", "5:1", "not supported by this version yet"),
        Refused(Fixture.service + "  session: { store: redis }\n", "5:21", "`redis` is not known here"),
        Refused(Fixture.service + "  session: { store: cookie, limitPerUser: 2 }\n", "5:43", "nobody can count sessions"),
        Refused(Fixture.service + "  session: { limitPerUser: 0 }\n", "5:28", "write a whole number from 1 to 1000"),
        Refused(Fixture.service + "  rules: [{ paths: [/x] }]\n", "5:11", "`allow` is missing"),
        Refused("provider:\n  clients: []\n", "2:3", "`issuer` is missing; add `issuer: …`"),
    ]

    static let types: [Refused] = [
        Refused(Fixture.service + "listen: []\n", "5:9", "`listen` is a mapping, not a list"),
        Refused(Fixture.service + "listen: 9000\n", "5:9", "`listen` is a mapping, not a single value"),
        Refused(Fixture.service + "listen: { web: [1] }\n", "5:16", "a single value belongs here, not a list"),
        Refused(Fixture.service + "  rules: anyone\n", "5:10", "a list belongs here, not a single value"),
        Refused(Fixture.service + "  identity: { headers: [] }\n", "5:24", "a mapping belongs here, not a list"),
        Refused(Fixture.service + "log: { level: loud }\n", "5:15", "`loud` is not known here; write one of `trace`, `debug`"),
        Refused(Fixture.service + "log: { format: { a: b } }\n", "5:16", "a single value belongs here, not a mapping"),
        Refused(Fixture.service + "  session: { remember: perhaps }\n", "5:24", "`true`, `false` or `ask` belongs here"),
        Refused(Fixture.service + "  cookie: { name: \"\" }\n", "5:19", "`` is not a cookie name"),
        Refused(
            Fixture.provider.replacing("id: app,", with: "id: app, public: 1,"), "3:32", "`true` or `false` belongs here"),
    ]

    static let durations: [Refused] =
        ["12", "h", "1.5h", "-1h", "1w", "１h", "1H", "0x1h"].map {
            Refused(
                Fixture.service + "  session: { idle: \($0) }\n", "5:20", "is not a duration; write a whole number with a unit")
        } + [
            Refused(Fixture.service + "  session: { idle: 0s }\n", "5:20", "`0s` is too short; write at least `1m`"),
            Refused(
                Fixture.service + "  session: { idle: 3650d, lifetime: 366d }\n", "5:20",
                "`3650d` is too long; write at most `366d`"),
            Refused(Fixture.service + "  session: { idle: 99999999999999999d }\n", "5:20", "is too long"),
            Refused(Fixture.service + "  session: { idle: 99999999999999999999d }\n", "5:20", "is too long"),
            Refused(Fixture.service + "  session: { idle: 8d }\n", "5:20", "`idle` is longer than `lifetime`"),
            Refused(Fixture.service + "  session: { lifetime: 1h }\n", "5:24", "`idle` is longer than `lifetime`"),
            Refused(Fixture.provider + "  tokens: { refresh: { idle: 181d } }\n", "5:30", "`idle` is longer than `lifetime`"),
        ]

    static let addresses: [Refused] =
        ["9000", ":9000", "localhost", "localhost:x", "localhost:65536", "::1:9000", "a b:1", "[::1]"].map {
            Refused(Fixture.service + "listen: { web: \"\($0)\" }\n", "5:16", "is not `host:port`")
        } + [
            Refused(
                Fixture.service + "listen: { web: 127.0.0.1:9003 }\n", "5:16", "`admin` and `web` both listen on `127.0.0.1:9003`"
            ),
            Refused(Fixture.service + "listen: { admin: 0.0.0.0:9000 }\n", "5:18", "`admin` and `web` both listen"),
            Refused(
                Fixture.service + "listen: { trustedProxies: [10.0.0.1/8] }\n", "5:28",
                "write the first address of the range, `10.0.0.0/8`"),
            Refused(Fixture.service + "listen: { trustedProxies: [10.0.0.0/33] }\n", "5:28", "has no prefix length of 0 to 32"),
            Refused(Fixture.service + "listen: { trustedProxies: [proxy] }\n", "5:28", "is not a range of IP addresses"),
            Refused(
                Fixture.service + "storage: { sqlite: { path: x }, memory: {} }\n", "5:10", "`storage` names more than one store"),
        ]

    @Test(arguments: keys) func refusesKeys(_ refused: Refused) { refused.check() }
    @Test(arguments: types) func refusesTypes(_ refused: Refused) { refused.check() }
    @Test(arguments: durations) func refusesDurations(_ refused: Refused) { refused.check() }
    @Test(arguments: addresses) func refusesAddresses(_ refused: Refused) { refused.check() }

    @Test func saysEverythingAtOnceInTheOrderOfTheFile() {
        let yaml = """
            listn: {}
            log: { level: loud }
            provider:
              issuer: http://sso.example.com
              clients: [{ id: a, public: true }, { id: a, public: true }]
              tokens: { idToken: 1w }

            """
        let errors = Fixture.errors(yaml)
        #expect(errors.map { $0.prefix { $0 != " " } } == ["1:1:", "2:15:", "4:11:", "5:44:", "6:22:"])
    }
}
