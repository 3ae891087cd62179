import Accounts
import AuthService
import Foundation
import JOSE
import Storage
import TestSupport
import Testing

/// What is special about Postgres; the rest is what every store must do.
struct PostgresTests {
    private static func key(_ number: Int) -> SessionKey { SessionKey(digest: sha256(Array("\(number)".utf8))) }

    /// While many end sessions at once, whoever follows sees each of them, once, and no gap: numbers of changes become visible in
    /// their order.
    @Test func nothingIsMissedWhileManyWrite() async throws {
        let store = try await StoreFixture(.postgres)
        let other = try await store.otherProcess()
        let (writers, each) = (8, 40)
        let seen = try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<writers {
                group.addTask {
                    for number in 0..<each {
                        try await store.sessions.revoke(Self.key(writer * each + number), until: UnixTime(seconds: 900))
                    }
                }
            }
            var seen: [SessionKey] = []
            var position: Int64 = 0
            while seen.count < writers * each {
                let changes = try await other.changes(since: position)
                #expect(changes.extent == .all)
                seen += changes.keys
                position = changes.position
            }
            try await group.waitForAll()
            return seen
        }
        #expect(Set(seen) == Set((0..<writers * each).map(Self.key)) && seen.count == writers * each)
    }

    @Test(.timeLimit(.minutes(1))) func aListenerHearsOfChanges() async throws {
        let store = try await StoreFixture(.postgres)
        let feed = ChangeFeed()
        let listening = Task { [database = try #require(store.postgres)] in await PostgresFeed(database, feed).run() }
        var words = feed.words.makeAsyncIterator()
        await words.next()
        #expect(feed.state == .follows)
        try await store.sessions.revoke(Self.key(1), until: UnixTime(seconds: 900))
        await words.next()
        listening.cancel()
        await listening.value
    }

    @Test func replicasThatStartAtOnceMakeTheTablesOnce() async throws {
        let schema = "start_\(UInt32.random(in: .min ... .max))"
        let keys = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<4 {
                group.addTask { try await PostgresSessionStore(PrivatePostgres.database(schema: schema)).count() }
            }
            return try await group.reduce(0, +)
        }
        #expect(keys == 0)
        let later = "INSERT INTO migrations (number, name) SELECT max(number) + 1, 'of a later version' FROM migrations"
        try await PrivatePostgres.execute(later, schema: schema)
        _ = try await PrivatePostgres.database(schema: schema)
        try await PrivatePostgres.execute(later, schema: schema)
        await #expect { try await PrivatePostgres.database(schema: schema) } throws: { error in
            (error as? StoreFailure)?.detail.contains("start a newer one") ?? false
        }
    }

    @Test func whatItRefusesEndsNothingElse() async throws {
        let store = try await StoreFixture(.postgres)
        let database = try #require(store.postgres)
        let session = Session(
            key: Self.key(1), identity: Identity(issuer: "i", subject: "a\u{0}b", claims: JSONObject()), scope: "s",
            providerID: "p", providerSessionID: nil, authTime: UnixTime(seconds: 1), createdAt: UnixTime(seconds: 1),
            lastUsedAt: UnixTime(seconds: 1), expiresAt: UnixTime(seconds: 9), idToken: nil, refreshToken: nil)
        // A text of Postgres cannot hold a NUL; cut short it would be somebody else.
        await #expect(throws: StoreFailure.self) { try await store.sessions.create(session) }
        #expect(try await store.sessions.list(.all, limit: 9).isEmpty)
        try await database.check()
    }

    /// Runs `body` at each commit that has written to `revoked_sessions`.
    private static func atCommit(_ body: String) -> String {
        """
        CREATE SEQUENCE tries;
        CREATE FUNCTION at_commit() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN \(body) RETURN NULL; END';
        CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON revoked_sessions DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION at_commit();
        """
    }

    @Test func whoCannotKnowWhetherItWasDoneThrows() async throws {
        let store = try await StoreFixture(.postgres)
        try await store.execute(Self.atCommit("PERFORM pg_terminate_backend(pg_backend_pid());"))
        await #expect(throws: StoreFailure.self) { try await store.sessions.revoke(Self.key(1), until: UnixTime(seconds: 9)) }
        #expect(try await store.sessions.changes(since: 0) == SessionChanges(keys: [], position: 0))
    }

    @Test func whatWasUndoneForAnotherIsDoneAgain() async throws {
        let store = try await StoreFixture(.postgres)
        try await store.execute(
            Self.atCommit("IF nextval(''tries'') < 3 THEN RAISE EXCEPTION USING ERRCODE = ''deadlock_detected''; END IF;"))
        try await store.sessions.revoke(Self.key(1), until: UnixTime(seconds: 9))
        #expect(try await store.sessions.changes(since: 0) == SessionChanges(keys: [Self.key(1)], position: 1))
        try await store.execute(
            "CREATE OR REPLACE FUNCTION at_commit() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END'")
        await #expect(throws: StoreFailure.self) { try await store.sessions.revoke(Self.key(2), until: UnixTime(seconds: 9)) }
        #expect(try await store.sessions.changes(since: 1) == SessionChanges(keys: [], position: 1))
        try await #require(store.postgres).check()
    }

    @Test func aRowThatCannotBeReadIsOfOneRecord() async throws {
        let store = try await StoreFixture(.postgres)
        try await store.execute(
            """
            INSERT INTO sessions (key, version, scope, provider, issuer, subject, claims, auth_time, created_at, last_used_at,
                expires_at) VALUES (sha256('1'), 1, 's', 'p', 'i', 'u', '{', 1, 1, 1, 9)
            """)
        await #expect { try await store.sessions.load(Self.key(1)) } throws: { error in
            (error as? StoreFailure)?.isOfOneRecord ?? false
        }
    }

    @Test(arguments: ["postgres://gatehouse@127.0.0.1:1/x", "postgres://gatehouse@/nowhere?host=/nonexistent"])
    func whoIsNotThereIsSaid(url: String) async throws {
        let options = PostgresOptions(url: url, password: Secret(utf8: "never-in-a-log"))
        await #expect { try await OtherProgram.onAThread { try PostgresDatabase(options) } } throws: { error in
            let detail = (error as? StoreFailure)?.detail ?? ""
            return detail.hasPrefix("Postgres: ") && !detail.contains("never-in-a-log") && !detail.contains("\n")
        }
    }
}
