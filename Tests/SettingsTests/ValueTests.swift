import JOSE
import Settings
import Testing

/// What a file that passes turns into.
@Suite struct ValueTests {
    @Test func defaultsOfTheAuthService() throws {
        let configuration = try Fixture.read(Fixture.service).configuration
        let service = try #require(configuration.authService)
        #expect(configuration.provider == nil)
        #expect(configuration.storage.path == "/etc/gatehouse/gatehouse.db")
        #expect(configuration.listen.admin.address.text == "127.0.0.1:9003")
        #expect(configuration.log.level == .info)
        #expect(configuration.log.format == .json)
        #expect(service.path == "/_gatehouse")
        #expect(service.cookie.name == "gatehouse")
        #expect(service.cookie.domains.isEmpty)
        #expect(service.cookie.sameSite == .lax)
        #expect(service.cookie.secure == .auto)
        #expect([service.session.idle, service.session.lifetime] == [43200, 604_800])
        #expect(service.redirectURIs == ["https://apps.example.com/_gatehouse/callback"])
        #expect(service.providers.first?.scopes == ["openid", "email", "profile"])
        #expect(service.rules == [])
    }

    @Test(arguments: [
        ("20m", Int64?.some(1200)), ("20m0s", 1200), ("1h30m", 5400), ("1.5h", 5400), ("500ms", 1), ("60s", 60), ("", nil),
        ("20", nil), ("m", nil), ("20x", nil), ("-5m", nil), ("99999999999999999999h", nil),
        ("0", 0), ("0s", 0), ("3960h0m0s", 14_256_000), ("1ns", 1), ("1µs", 1), ("1us", 1), ("3000ms", 3), ("1.1s", 2),
        ("1m1", nil), ("1.2.3s", nil), ("٣s", nil), ("1h 1m", nil),
    ])
    func aDurationIsReadAsGoWritesIt(text: String, seconds: Int64?) {
        #expect(GoDuration.seconds(text) == seconds)
    }

    @Test func filesBeginAtTheFilesFolder() throws {
        let yaml = Fixture.service + "storage: { sqlite: { path: data/x.db } }\n"
        #expect(try Fixture.read(yaml).configuration.storage.path == "/etc/gatehouse/data/x.db")
    }

    @Test func defaultsOfTheProvider() throws {
        let provider = try #require(try Fixture.read(Fixture.provider).configuration.provider)
        let (tokens, refresh) = (provider.tokens, provider.tokens.refresh)
        #expect([tokens.idToken, tokens.accessToken] == [3600, 3600])
        #expect([refresh.idle, refresh.lifetime, refresh.reuseWindow] == [2_592_000, 15_552_000, 10])
        #expect(provider.signingAlgorithms == [.rs256, .es256])
        #expect(provider.users.map(\.username) == ["admin"])
        #expect(provider.users.map(\.userID) == ["admin@example.com"])
        #expect(provider.clients.map(\.name) == ["app"])
    }

    @Test func readsSecretsFromFilesAndVariables() throws {
        let service = try #require(try Fixture.read(Fixture.service).configuration.authService)
        #expect(service.secrets.map(\.bytes.count) == [64])
        #expect(service.providers.first?.clientSecret?.text == "correct horse battery staple")
    }

    @Test func secretsDoNotShow() throws {
        let configuration = try Fixture.read(Fixture.service + Fixture.provider).configuration
        var dumped = ""
        dump(configuration, to: &dumped)
        for secret in ["kkkk", "cccc", "horse", "1x0OVZ3KF"] { #expect(!"\(configuration)\(dumped)".contains(secret)) }
    }

    @Test(arguments: [
        (Fixture.service.replacing("{ file: cookie.key }", with: String(repeating: "p", count: 32)), "3:13: a secret stands in"),
        (Fixture.service.replacing("{ env: CORP_SECRET }", with: "{ file: open.key }"), "4:87: the client secret's file"),
        (Fixture.service.replacing("{ env: CORP_SECRET }", with: "abc"), "4:87: the client secret has only 3 bytes"),
        (Fixture.service.replacing("https://apps", with: "http://apps"), "2:14: `http://apps.example.com` is http"),
        (Fixture.provider.replacing("https://app.", with: "http://app."), "3:72: the redirect URI"),
        (Fixture.service + "  cookie: { secure: never }\n", "5:21: `secure: never` although"),
    ]) func warns(yaml: String, says: String) throws {
        #expect(try Fixture.warnings(yaml).contains { $0.hasPrefix(says) })
    }

    @Test func warningsNameThePlace() throws {
        let warning = try Fixture.read(Fixture.service + "  cookie: { secure: never }\n").warnings.first
        #expect(warning.map { "\($0)".hasPrefix("/etc/gatehouse/gatehouse.yaml:5:21: warning: ") } == true)
    }

    @Test func portZeroMayBeThereTwice() {
        #expect(Fixture.errors(Fixture.service + "listen: { web: 127.0.0.1:0, admin: 127.0.0.1:0 }\n") == [])
    }

    @Test(
        arguments: [
            ("10.0.0.0/8", [10, 255, 0, 1], true), ("10.0.0.0/8", [11, 0, 0, 0], false),
            ("172.16.0.0/12", [172, 31, 9, 9], true),
            ("172.16.0.0/12", [172, 32, 0, 0], false), ("192.0.2.7", [192, 0, 2, 7], true), ("192.0.2.7", [192, 0, 2, 6], false),
            ("0.0.0.0/0", [1, 2, 3, 4], true), ("fc00::/7", [0xfd] + [UInt8](repeating: 1, count: 15), true),
            ("fc00::/7", [10, 0, 0, 1], false),
        ] as [(String, [UInt8], Bool)]) func rangesOfAddresses(range: String, address: [UInt8], isInside: Bool) throws
    {
        let yaml = Fixture.service + "listen: { trustedProxies: [\"\(range)\"] }\n"
        let block = try #require(try Fixture.read(yaml).configuration.listen.trustedProxies.first)
        #expect(block.contains(address) == isInside)
    }
}
