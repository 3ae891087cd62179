import Accounts
import AuthService
import Foundation
import JOSE
import OpenIDProvider
import Storage
import TestSupport
import Testing

/// What is Redis' and Valkey's own: the stream of changes, what it lets go of by itself, records that cannot be read, and refusals.
struct RedisStoreTests {
    private func session(_ number: UInt8, expires: Int64 = 1000) -> Session {
        Session(
            key: SessionKey(digest: Array(repeating: number, count: 32)),
            identity: Identity(
                issuer: "https://issuer", subject: "süb-\(number)", claims: JSONObject([("email", "ä@example.com")])),
            scope: "app", providerID: "corp", providerSessionID: "sid", authTime: UnixTime(seconds: 90),
            createdAt: UnixTime(seconds: 100), lastUsedAt: UnixTime(seconds: 100), expiresAt: UnixTime(seconds: expires),
            idToken: nil, refreshToken: Secret(utf8: "rt"))
    }

    /// Two replicas on the same keys, and a way to ask the server itself.
    private struct Fixture {
        let engine: RedisServer.Engine
        let prefix: String
        let one: RedisSessionStore
        let other: RedisSessionStore

        init(_ engine: RedisServer.Engine) async throws {
            self.engine = engine
            prefix = RedisServer.newPrefix()
            one = RedisSessionStore(try await RedisServer.database(engine, prefix: prefix))
            other = RedisSessionStore(try await RedisServer.database(engine, prefix: prefix))
        }

        /// A key is written `@` and its name without the prefix.
        @discardableResult
        func cli(_ arguments: String...) async throws -> String {
            let words = arguments.map { $0.hasPrefix("@") ? "{\(prefix)}:\($0.dropFirst())" : $0 }
            let text = try await OtherProgram.run("redis-cli", ["-s", try await RedisServer.socket(engine)] + words).output
            return text.trimmingCharacters(in: .whitespacesAndNewlines)
        }

        func id(_ session: Session) -> String { Base64URL.encode(session.key.digest) }
    }

    @Test(arguments: RedisServer.Engine.allCases) func otherReplicasSeeEverything(engine: RedisServer.Engine) async throws {
        let fixture = try await Fixture(engine)
        let start = try await fixture.other.changes(since: nil)
        for number in UInt8(1)...3 { try await fixture.one.create(session(number)) }
        try await fixture.one.touch([SessionUse(session(1).key, at: UnixTime(seconds: 500))])
        #expect(try await fixture.other.changes(since: start.position) == start)
        var next = session(1)
        next.version = 2
        #expect(try await fixture.one.replace(next))
        #expect(try await fixture.one.delete(session(2).key))
        _ = try await fixture.one.deleteAll(.handle(Array(repeating: 3, count: 8)))
        try await fixture.one.revoke(session(4).key, until: UnixTime(seconds: 900))
        let marks = SessionEnding.Marks(.named("süb"))
        try await fixture.one.remember(
            SessionEnding(marks: marks, endedAt: UnixTime(seconds: 1), rememberUntil: UnixTime(seconds: 2)))
        let changes = try await fixture.other.changes(since: start.position)
        #expect(changes.keys == [session(1).key, session(2).key, session(3).key, session(4).key])
        #expect(changes.endings == [marks] && changes.extent == .all)
        let after = try await fixture.other.changes(since: changes.position)
        #expect(after.keys.isEmpty && after.extent == .all && after.position == changes.position)
    }

    @Test(arguments: RedisServer.Engine.allCases) func whatTheStreamHasLostLeavesAGap(engine: RedisServer.Engine) async throws {
        let fixture = try await Fixture(engine)
        let start = try await fixture.other.changes(since: nil)
        func revoke(_ number: UInt8) async throws {
            try await fixture.one.revoke(session(number).key, until: UnixTime(seconds: 9))
        }
        for number in UInt8(1)...3 { try await revoke(number) }
        let end = try await fixture.other.changes(since: start.position)
        #expect(end.extent == .all && end.keys.count == 3)
        try await fixture.cli("XTRIM", "@changes", "MAXLEN", "1")
        #expect(try await fixture.other.changes(since: start.position).extent == .gap)
        try await revoke(4)
        #expect(try await fixture.other.changes(since: end.position).keys == [session(4).key])
        // A server took over that never had the newest.
        try await fixture.cli("DEL", "@changes", "@changes:last")
        #expect(try await fixture.other.changes(since: end.position).extent == .gap)
        try await revoke(5)
        #expect(try await fixture.other.changes(since: end.position).extent == .gap)
    }

    @Test(arguments: RedisServer.Engine.allCases) func manyChangesComeInParts(engine: RedisServer.Engine) async throws {
        let fixture = try await Fixture(engine)
        let start = try await fixture.other.changes(since: nil)
        for number in 0..<1001 {
            try await fixture.one.revoke(session(UInt8(truncatingIfNeeded: number)).key, until: UnixTime(seconds: 9))
        }
        let first = try await fixture.other.changes(since: start.position)
        #expect(first.keys.count == 1000 && first.extent == .more)
        let rest = try await fixture.other.changes(since: first.position)
        #expect(rest.keys.count == 1 && rest.extent == .all)
    }

    @Test(arguments: RedisServer.Engine.allCases) func aListenerHearsOfAChangeAtOnce(engine: RedisServer.Engine) async throws {
        let fixture = try await Fixture(engine)
        let feed = ChangeFeed()
        let listener = RedisFeed(try await RedisServer.database(engine, prefix: fixture.prefix), feed)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await listener.run() }
            var words = feed.words.makeAsyncIterator()
            await words.next()
            #expect(feed.state == .follows)
            let began = ContinuousClock.now
            try await fixture.one.revoke(session(1).key, until: UnixTime(seconds: 9))
            await words.next()
            #expect(ContinuousClock.now - began < .seconds(5))
            group.cancelAll()
        }
    }

    @Test(arguments: RedisServer.Engine.allCases) func aRecordThatCannotBeReadIsOfOneSession(engine: RedisServer.Engine)
        async throws
    {
        let fixture = try await Fixture(engine)
        try await fixture.one.create(session(1))
        try await fixture.one.create(session(2))
        for bytes in ["", "x", "\u{1}", "\u{2}abc"] {
            try await fixture.cli("HSET", "@session:\(fixture.id(session(1)))", "b", bytes)
            await #expect { try await fixture.one.load(session(1).key) } throws: { ($0 as? StoreFailure)?.isOfOneRecord == true }
        }
        #expect(try await fixture.one.load(session(2).key) != nil)
        #expect(try await fixture.one.deleteAll(.all).count == 1, "the other has ended, too, but nobody knows whose it was")
        #expect(try await fixture.one.load(session(1).key) == nil)
    }

    @Test(arguments: RedisServer.Engine.allCases) func whatRedisLetsGoOfLeavesNothingBehind(engine: RedisServer.Engine)
        async throws
    {
        let fixture = try await Fixture(engine)
        let now = Int64(Date().timeIntervalSince1970)
        try await fixture.one.create(session(1, expires: now + 100))
        try await fixture.one.create(session(2, expires: now + 200))
        let life = try #require(Int64(await fixture.cli("TTL", "@session:\(fixture.id(session(1)))")))
        #expect((86_400...86_500).contains(life), "a day behind its end")
        #expect(try #require(Int64(try await fixture.cli("TTL", "@session#all"))) > life, "as long as the last that it leads to")
        try await fixture.cli("DEL", "@session:\(fixture.id(session(1)))")
        #expect(try await fixture.one.list(.all, limit: 10).map(\.key) == [session(2).key])
        #expect(try await fixture.cli("ZCARD", "@session#all") == "1")
        let swept = try await fixture.one.sweep(
            expiredAt: UnixTime(seconds: now + 300), idleBefore: UnixTime(seconds: 0), limit: 10)
        #expect(swept == 2)
        // What led to the one that Redis let go of ends by itself.
        for key in try await fixture.cli("KEYS", "{\(fixture.prefix)}:session*").split(separator: "\n") {
            #expect(try #require(Int64(try await fixture.cli("TTL", String(key)))) > 0, "\(key)")
        }
    }

    @Test(arguments: RedisServer.Engine.allCases) func aServerThatDoesNotKnowTheScriptsIsToldThem(engine: RedisServer.Engine)
        async throws
    {
        let fixture = try await Fixture(engine)
        try await fixture.one.create(session(1))
        try await fixture.cli("SCRIPT", "FLUSH")
        #expect(try await fixture.one.delete(session(1).key))
    }

    @Test func aServerThatIsAwayIsSaid() async throws {
        let configuration = RedisConfiguration(place: .server(.unix(path: "/nonexistent/redis.sock")))
        let store = RedisSessionStore(RedisDatabase(configuration))
        await #expect { try await store.load(session(1).key) } throws: { error in
            (error as? StoreFailure)?.detail.contains("/nonexistent/redis.sock") ?? false
        }
    }
}
