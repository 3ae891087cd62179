import AuthService
import JOSE
import Storage
import Testing

/// What nodes of a cluster say of keys that others have, word for word: `MOVED` for good, `ASK` for one command.
struct RedisRedirectionTests {
    /// Two nodes, of which the first is asked first, and sessions over them.
    private struct Cluster {
        let one: ScriptedRedis
        let other: ScriptedRedis
        let sessions: RedisSessionStore

        init(knowsBoth: Bool = false) async throws {
            (one, other) = (try await ScriptedRedis(), try await ScriptedRedis())
            let nodes = [one.address] + (knowsBoth ? [other.address] : [])
            let configuration = RedisConfiguration(place: .cluster(nodes), prefix: "test", timeout: 20_000)
            sessions = RedisSessionStore(RedisDatabase(configuration))
        }
    }

    private static let none = "*5\r\n$-1\r\n$-1\r\n$-1\r\n$-1\r\n$-1\r\n"
    private let key = SessionKey(digest: Array(repeating: 1, count: 32))

    @Test(arguments: ["127.0.0.1", ""]) func aKeyThatHasMovedIsLookedForThereFromThenOn(host: String) async throws {
        let cluster = try await Cluster()
        let port = cluster.other.port
        cluster.one.answers { _ in "-MOVED 4021 \(host):\(port)\r\n" }
        cluster.other.answers { $0.first == "EVALSHA" ? ":1\r\n" : Self.none }
        #expect(try await cluster.sessions.load(key) == nil)
        #expect(try await cluster.sessions.delete(key), "scripts go there, too")
        #expect(cluster.one.commands == ["HMGET"])
        #expect(cluster.other.commands == ["HMGET", "EVALSHA"])
    }

    @Test func aKeyThatIsOnTheWayIsAskedForOnce() async throws {
        let cluster = try await Cluster()
        let port = cluster.other.port
        cluster.one.answers { _ in "-ASK 4021 127.0.0.1:\(port)\r\n" }
        cluster.other.answers { $0.first == "ASKING" ? "+OK\r\n" : Self.none }
        #expect(try await cluster.sessions.load(key) == nil)
        #expect(try await cluster.sessions.load(key) == nil)
        #expect(cluster.one.commands == ["HMGET", "HMGET"], "the key's node is the same")
        #expect(cluster.other.commands == ["ASKING", "HMGET", "ASKING", "HMGET"])
    }

    /// It would see half of the keys that it needs.
    @Test func aScriptIsNotSentAfterKeysThatAreOnTheWay() async throws {
        let cluster = try await Cluster()
        let port = cluster.other.port
        cluster.one.answers { _ in "-ASK 4021 127.0.0.1:\(port)\r\n" }
        await #expect(throws: StoreFailure.self) { _ = try await cluster.sessions.delete(key) }
        #expect(cluster.other.commands == [])
    }

    @Test func nodesThatSendOnForEverAreLeft() async throws {
        let cluster = try await Cluster()
        let (one, other) = (cluster.one.port, cluster.other.port)
        cluster.one.answers { _ in "-MOVED 4021 127.0.0.1:\(other)\r\n" }
        cluster.other.answers { _ in "-MOVED 4021 127.0.0.1:\(one)\r\n" }
        await #expect(throws: StoreFailure.self) { _ = try await cluster.sessions.load(key) }
        #expect(cluster.one.commands.count + cluster.other.commands.count == 6)
    }

    static let refusals = [
        "-MOVED", "-MOVED 4021", "-MOVED 4021 nowhere", "-MOVED 4021 127.0.0.1:0", "-MOVED 4021 127.0.0.1:99999999999999999999",
        "-MOVED 4021 127.0.0.1:6379 more", "-ASK", "-ASK 4021 127.0.0.1:-1", "-TRYAGAIN Multiple keys request during rehashing",
        "-CLUSTERDOWN The cluster is down",
    ]

    @Test(arguments: refusals) func whatLeadsNowhereIsAFailure(_ refusal: String) async throws {
        let cluster = try await Cluster()
        cluster.one.answers { _ in refusal + "\r\n" }
        await #expect(throws: StoreFailure.self) { _ = try await cluster.sessions.load(key) }
        #expect(cluster.one.commands == ["HMGET"])
        // Nothing of it stays.
        cluster.one.answers { _ in Self.none }
        #expect(try await cluster.sessions.load(key) == nil)
    }

    @Test func aNodeThatIsGoneIsForgotten() async throws {
        let cluster = try await Cluster(knowsBoth: true)
        let gone = try await ScriptedRedis()
        let port = gone.port
        try await gone.close()
        // Whoever is asked then has the key by now.
        let one = cluster.one
        cluster.one.answers { _ in one.commands.count == 1 ? "-MOVED 4021 127.0.0.1:\(port)\r\n" : Self.none }
        #expect(try await cluster.sessions.load(key) == nil)
        #expect(cluster.one.commands == ["HMGET", "HMGET"])
    }
}
