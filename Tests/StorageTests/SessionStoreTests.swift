import Accounts
import AuthService
import Foundation
import JOSE
import Storage
import Testing

/// What every session store must do.
struct SessionStoreTests {
    private func session(_ number: UInt8, lastUsed: Int64 = 100, expires: Int64 = 1000) -> Session {
        Session(
            key: SessionKey(digest: Array(repeating: number, count: 32)),
            identity: Identity(
                issuer: "https://issuer", subject: "süb-\(number)",
                claims: JSONObject([("email", "ä@example.com"), ("groups", ["a", "b,c"]), ("n", .integer(.max))])),
            scope: "app.example.com", providerID: "corp", providerSessionID: "sid-\(number)", authTime: UnixTime(seconds: 90),
            createdAt: UnixTime(seconds: 100), lastUsedAt: UnixTime(seconds: lastUsed), expiresAt: UnixTime(seconds: expires),
            idToken: Secret(utf8: "id"), refreshToken: nil)
    }

    @Test(arguments: StoreKind.allCases)
    func loadsWhatWasCreated(kind: StoreKind) async throws {
        let store = try StoreFixture(kind)
        let session = session(1)
        try await store.sessions.create(session)
        let loaded = try #require(try await store.sessions.load(session.key))
        #expect(loaded.identity == session.identity)
        #expect(loaded.providerSessionID == "sid-1")
        #expect(loaded.expiresAt == session.expiresAt)
        #expect(loaded.idToken?.text == "id")
        #expect(loaded.refreshToken == nil)
        #expect(try await store.sessions.load(SessionKey(digest: Array(repeating: 2, count: 32))) == nil)
    }

    @Test(arguments: StoreKind.allCases)
    func aKeyCannotBeTakenTwice(kind: StoreKind) async throws {
        let store = try StoreFixture(kind)
        try await store.sessions.create(session(1))
        await #expect(throws: StoreFailure.self) { try await store.sessions.create(session(1)) }
    }

    @Test(arguments: StoreKind.allCases)
    func touchingOnlyGoesForward(kind: StoreKind) async throws {
        let store = try StoreFixture(kind)
        let session = session(1)
        try await store.sessions.create(session)
        try await store.sessions.touch(session.key, usedAt: UnixTime(seconds: 200))
        try await store.sessions.touch(session.key, usedAt: UnixTime(seconds: 150))
        #expect(try await store.sessions.load(session.key)?.lastUsedAt.seconds == 200)
        #expect(try await store.sessions.load(session.key)?.version == 2)
    }

    @Test(arguments: StoreKind.allCases)
    func whatIsGoneStaysGone(kind: StoreKind) async throws {
        let store = try StoreFixture(kind)
        let session = session(1)
        try await store.sessions.create(session)
        #expect(try await store.sessions.delete(session.key))
        #expect(try await !store.sessions.delete(session.key))
        try await store.sessions.touch(session.key, usedAt: UnixTime(seconds: 200))
        #expect(try await store.sessions.load(session.key) == nil)
    }

    @Test(arguments: StoreKind.allCases)
    func sweepsInBatchesWhatHasEnded(kind: StoreKind) async throws {
        let store = try StoreFixture(kind)
        for number in UInt8(1)...5 { try await store.sessions.create(session(number, expires: 200)) }
        try await store.sessions.create(session(6, lastUsed: 10))
        try await store.sessions.create(session(7, lastUsed: 300))
        func sweep() async throws -> Int {
            try await store.sessions.sweep(
                expiredAt: UnixTime(seconds: 200), idleBefore: UnixTime(seconds: 50), limit: 4)
        }
        #expect(try await sweep() == 4)
        #expect(try await sweep() == 2)
        #expect(try await sweep() == 0)
        #expect(try await store.sessions.load(session(7).key) != nil)
    }

    @Test func survivesARestart() async throws {
        let store = try StoreFixture(.sqlite)
        try await store.sessions.create(session(1))
        let again = SQLiteSessionStore(try SQLiteDatabase(path: store.path))
        #expect(try await again.load(session(1).key)?.identity.subject == session(1).identity.subject)
    }

    @Test func theFileIsItsOwnersOnly() throws {
        let store = try StoreFixture(.sqlite)
        for suffix in ["", "-wal"] {
            let mode = try FileManager.default.attributesOfItem(atPath: store.path + suffix)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
    }

    @Test func aFileThatCannotBeOpenedIsSaid() {
        #expect { try SQLiteDatabase(path: "/nonexistent/x.db") } throws: { error in
            (error as? StoreFailure)?.detail.contains("/nonexistent/x.db") ?? false
        }
    }
}
