import JOSE
import Settings
import Testing

/// `storage.redis`
@Suite struct RedisSectionTests {
    private static func storage(_ keys: String) -> String { Fixture.service + "storage: { redis: { \(keys) } }\n" }

    private func settings(_ keys: String) throws -> RedisSettings {
        let configuration = try Fixture.read(Self.storage(keys)).configuration
        guard case .redis(let settings) = configuration.storage else { throw Missing() }
        return settings
    }

    private struct Missing: Error {}

    static let places: [(String, RedisSettings.Place)] = [
        ("url: redis://localhost", .server(host: "localhost", port: 6379)),
        ("url: \"redis://[::1]:7000/3\"", .server(host: "::1", port: 7000)),
        ("url: unix:///run/redis.sock", .socket(path: "/run/redis.sock")),
        (
            "url: rediss://gates, sentinels: [a, \"b:5\"]",
            .sentinels([RedisNode(host: "a", port: 26379), RedisNode(host: "b", port: 5)], master: "gates")
        ),
        (
            "url: rediss://one:7000, cluster: [two]",
            .cluster([RedisNode(host: "one", port: 7000), RedisNode(host: "two", port: 6379)])
        ),
    ]

    @Test(arguments: places) func readsPlaces(_ entry: (keys: String, place: RedisSettings.Place)) throws {
        #expect(try settings(entry.keys).place == entry.place)
    }

    @Test func readsTheURLsParts() throws {
        let settings = try settings("url: \"rediss://g%40te:p%3Aw%25@r.example.com/7\"")
        #expect(settings.username == "g@te" && settings.password?.text == "p:w%" && settings.database == 7)
        #expect(settings.isEncrypted && settings.prefix == "gatehouse" && settings.timeout == 2)
    }

    static let refused: [Refused] = [
        Refused(storage("url: http://x"), "5:26", "begin it with `redis://`"),
        Refused(storage("url: \"redis://\""), "5:26", "the URL has no host"),
        Refused(storage("url: redis://x/y"), "5:26", "no number of a database"),
        Refused(storage("url: \"redis://a:%zz@x\""), "5:26", "a `%` without two digits"),
        Refused(storage("url: \"redis://a:b@localhost\", password: c"), "5:61", "the URL has a password already"),
        Refused(storage("url: \"redis://gates:1\", sentinels: [a]"), "5:26", "the URL has a port"),
        Refused(storage("url: redis://gates/1, cluster: [a]"), "5:26", "a cluster has one database only"),
        Refused(storage("url: redis://gates, sentinels: [a], cluster: [b]"), "5:66", "`sentinels` are there, too"),
        Refused(storage("url: unix:///s, cluster: [b]"), "5:46", "a Unix socket's"),
        Refused(storage("url: redis://gates, sentinels: [\"a:b\"]"), "5:52", "is not `host` or `host:port`"),
        Refused(storage("url: redis://localhost, prefix: \"a}\""), "5:53", "is not an id"),
        Refused(storage("username: x"), "5:19", "`url` is missing"),
    ]

    @Test(arguments: refused) func refuses(_ entry: Refused) { entry.check() }

    static let warnings: [(String, String)] = [
        ("url: redis://redis.example.com", "in clear text"),
        ("url: redis://gates, sentinels: [localhost]", "in clear text"),
        ("url: \"redis://a:b@localhost\"", "a password stands in the configuration itself"),
    ]

    @Test(arguments: warnings) func warns(_ entry: (keys: String, what: String)) throws {
        let warnings = try Fixture.read(Self.storage(entry.keys)).warnings.map(\.what)
        #expect(warnings.contains { $0.contains(entry.what) }, "\(warnings)")
    }
}
