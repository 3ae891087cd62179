import Accounts
import AuthService
import Foundation
import JOSE
import Storage
import Testing

/// What every session store must do.
struct SessionStoreTests {
    private func session(_ number: UInt8, lastUsed: Int64 = 100, expires: Int64 = 1000, subject: String? = nil) -> Session {
        Session(
            key: SessionKey(digest: Array(repeating: number, count: 32)),
            identity: Identity(
                issuer: "https://issuer", subject: subject ?? "süb-\(number)",
                claims: JSONObject([("email", "ä@example.com"), ("groups", ["a", "b,c"]), ("n", .integer(.max))])),
            scope: "app.example.com", providerID: "corp", providerSessionID: "sid-\(number)", authTime: UnixTime(seconds: 90),
            createdAt: UnixTime(seconds: 100), lastUsedAt: UnixTime(seconds: lastUsed), expiresAt: UnixTime(seconds: expires),
            idToken: Secret(utf8: "id"), refreshToken: Secret(utf8: "rt"), grantedScopes: ["openid", "scope-\(number)"])
    }

    @Test(arguments: StoreKind.allCases)
    func loadsWhatWasCreated(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        let session = session(1)
        try await store.sessions.create(session)
        let loaded = try #require(try await store.sessions.load(session.key))
        #expect(loaded.identity == session.identity)
        #expect(loaded.providerSessionID == "sid-1")
        #expect(loaded.expiresAt == session.expiresAt)
        #expect(loaded.idToken?.text == "id")
        #expect(loaded.refreshToken?.text == "rt")
        #expect(loaded.grantedScopes == ["openid", "scope-1"])
        #expect(try await store.sessions.load(SessionKey(digest: Array(repeating: 2, count: 32))) == nil)
    }

    @Test(arguments: StoreKind.allCases)
    func aKeyCannotBeTakenTwice(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        try await store.sessions.create(session(1))
        await #expect(throws: StoreFailure.self) { try await store.sessions.create(session(1)) }
    }

    @Test(arguments: StoreKind.allCases)
    func touchingOnlyGoesForward(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        let session = session(1)
        try await store.sessions.create(session)
        try await store.sessions.touch([SessionUse(session.key, at: UnixTime(seconds: 200))])
        try await store.sessions.touch([SessionUse(session.key, at: UnixTime(seconds: 150))])
        #expect(try await store.sessions.load(session.key)?.lastUsedAt.seconds == 200)
        #expect(try await store.sessions.load(session.key)?.version == 1)
    }

    @Test(arguments: StoreKind.allCases)
    func ofManyClaimsOfARefreshOneWins(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        let key = session(1).key
        try await store.sessions.create(session(1))
        let winners = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<64 {
                group.addTask {
                    try await store.sessions.claimRefresh(
                        key, version: 1, now: UnixTime(seconds: 100), until: UnixTime(seconds: 160))
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(winners == 1)
        #expect(try await store.sessions.load(key)?.refresh.claimedUntil?.seconds == 160)
    }

    @Test(arguments: StoreKind.allCases)
    func aClaimEndsWhenItsTimeIsOver(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        let key = session(1).key
        try await store.sessions.create(session(1))
        func claim(_ version: Int64, at now: Int64) async throws -> Bool {
            try await store.sessions.claimRefresh(
                key, version: version, now: UnixTime(seconds: now), until: UnixTime(seconds: now + 60))
        }
        #expect(try await claim(1, at: 100))
        #expect(try await !claim(2, at: 159))
        #expect(try await claim(2, at: 160))
        #expect(try await !claim(1, at: 1000))
    }

    @Test(arguments: StoreKind.allCases)
    func ofManyReplacementsOneWins(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        try await store.sessions.create(session(1))
        try await store.sessions.touch([SessionUse(session(1).key, at: UnixTime(seconds: 500))])
        var next = session(1)
        next.version = 2
        next.refreshToken = Secret(utf8: "new")
        next.accessToken = Secret(utf8: "access")
        next.refresh = RefreshState(dueAt: UnixTime(seconds: 7), claimedUntil: nil, failingSince: UnixTime(seconds: 8))
        let winners = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<64 { group.addTask { [next] in try await store.sessions.replace(next) } }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(winners == 1)
        let stored = try #require(try await store.sessions.load(next.key))
        #expect(stored.refreshToken?.text == "new")
        #expect(stored.accessToken?.text == "access")
        #expect(stored.refresh == next.refresh)
        #expect(stored.lastUsedAt.seconds == 500)
    }

    @Test(arguments: StoreKind.allCases)
    func whatIsGoneIsNotReplaced(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        var next = session(1)
        next.version = 2
        #expect(try await !store.sessions.replace(next))
        #expect(try await store.sessions.load(next.key) == nil)
    }

    static let selections: [(SessionSelection, [String])] = [
        (.all, ["süb-1", "süb-2", "süb-3"]), (.user(issuer: "https://issuer", subject: "süb-2"), ["süb-2"]),
        (.user(issuer: "https://other", subject: "süb-2"), []), (.named("süb-3"), ["süb-3"]),
        (.named("ä@example.com"), ["süb-1", "süb-2", "süb-3"]), (.named("a"), []),
        (.handle(Array(repeating: 2, count: 8)), ["süb-2"]), (.handle(Array(repeating: 4, count: 8)), []),
        (.providerSession(issuer: "https://issuer", id: "sid-1"), ["süb-1"]),
        (.providerSession(issuer: "https://other", id: "sid-1"), []),
    ]

    @Test(arguments: StoreKind.allCases, selections)
    func selectsSessions(kind: StoreKind, _ entry: (selection: SessionSelection, subjects: [String])) async throws {
        let store = try await StoreFixture(kind)
        for number in UInt8(1)...3 { try await store.sessions.create(session(number)) }
        let listed = try await store.sessions.list(entry.selection, limit: 10)
        #expect(listed.map(\.identity.subject).sorted() == entry.subjects)
        let deleted = try await store.sessions.deleteAll(entry.selection)
        #expect(deleted.count == entry.subjects.count)
        #expect(deleted.allSatisfy { $0.providerID == "corp" && $0.refreshToken?.text == "rt" })
        #expect(try await store.sessions.list(.all, limit: 10).count == 3 - entry.subjects.count)
    }

    @Test(arguments: StoreKind.shared)
    func otherProcessesSeeWhatChanges(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        let other = try await store.otherProcess()
        let start = try await other.changes(since: nil)
        for number in UInt8(1)...3 { try await store.sessions.create(session(number)) }
        try await store.sessions.touch([SessionUse(session(1).key, at: UnixTime(seconds: 500))])
        #expect(try await other.changes(since: start.position) == start)
        var next = session(1)
        next.version = 2
        #expect(try await store.sessions.replace(next))
        try await store.sessions.delete(session(2).key)
        try await store.sessions.deleteAll(.handle(Array(repeating: 3, count: 8)))
        try await store.sessions.revoke(session(4).key, until: UnixTime(seconds: 900))
        let changes = try await other.changes(since: start.position)
        #expect(changes.keys == [session(1).key, session(2).key, session(3).key, session(4).key])
        #expect(try await other.changes(since: changes.position).keys.isEmpty)
    }

    @Test(arguments: StoreKind.numbering)
    func changesThatWereSweptAwayLeaveAGap(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        let other = try await store.otherProcess()
        for number in UInt8(1)...3 { try await store.sessions.revoke(session(number).key, until: UnixTime(seconds: 900)) }
        #expect(try await other.changes(since: 0).extent == .all)
        try await store.execute("DELETE FROM session_changes WHERE id < 3")
        #expect(try await other.changes(since: 0).extent == .gap)
        #expect(try await other.changes(since: 2).extent == .all)
        try await store.execute("DELETE FROM session_changes")
        #expect(try await other.changes(since: 2) == SessionChanges(keys: [], position: 3, extent: .gap))
        #expect(try await other.changes(since: 3) == SessionChanges(keys: [], position: 3))
        #expect(try await other.changes(since: 9).extent == .gap, "a backup was restored")
    }

    @Test(arguments: StoreKind.allCases)
    func whatIsGoneStaysGone(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        let session = session(1)
        try await store.sessions.create(session)
        #expect(try await store.sessions.delete(session.key))
        #expect(try await !store.sessions.delete(session.key))
        try await store.sessions.touch([SessionUse(session.key, at: UnixTime(seconds: 200))])
        #expect(try await store.sessions.load(session.key) == nil)
    }

    @Test(arguments: StoreKind.allCases)
    func sweepsInBatchesWhatHasEnded(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
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

    @Test(arguments: StoreKind.allCases)
    func aNoticeEndsWhatItNamesOnce(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        for number in UInt8(1)...3 { try await store.sessions.create(session(number)) }
        func notice(_ number: UInt8, subject: String?, session: String?) throws -> SignOutNotice {
            try #require(
                SignOutNotice(
                    issuer: "https://issuer", subject: subject, providerSessionID: session, digest: [number],
                    rememberUntil: UnixTime(seconds: 300)))
        }
        func ended(_ notice: SignOutNotice) async throws -> [SessionKey]? {
            if case .ended(let sessions) = try await store.sessions.signOut(notice, remembering: nil) {
                sessions.map(\.key)
            } else {
                nil
            }
        }
        #expect(try await ended(notice(1, subject: nil, session: "sid-1")) == [session(1).key])
        // Of another person: the provider's session alone is not enough where both are named.
        #expect(try await ended(notice(2, subject: "süb-3", session: "sid-2")) == [])
        #expect(try await ended(notice(3, subject: "süb-2", session: "sid-2")) == [session(2).key])
        try await store.sessions.create(session(1))
        #expect(try await ended(notice(1, subject: nil, session: "sid-1")) == nil)
        #expect(try await store.sessions.load(session(1).key) != nil)
        _ = try await store.sessions.sweep(expiredAt: UnixTime(seconds: 300), idleBefore: UnixTime(seconds: 0), limit: 10)
        #expect(try await ended(notice(1, subject: nil, session: "sid-1")) == [session(1).key])
    }

    @Test(arguments: StoreKind.shared)
    func survivesARestart(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        try await store.sessions.create(session(1))
        let again = try await store.otherProcess()
        #expect(try await again.load(session(1).key)?.identity.subject == session(1).identity.subject)
    }

    @Test func aNewerProgramMayAddColumnsMeanwhile() async throws {
        let store = try await StoreFixture(.sqlite)
        for number in 1...2 as ClosedRange<UInt8> {
            try await store.sessions.create(session(number))
            #expect(try await store.sessions.load(session(number).key)?.identity == session(number).identity)
            try await store.execute("ALTER TABLE sessions ADD COLUMN later_\(number) TEXT DEFAULT 'x'")
        }
        #expect(try await store.sessions.load(session(1).key)?.identity == session(1).identity)
        #expect(try await store.sessions.delete(session(1).key))
        #expect(try await store.sessions.load(session(1).key) == nil)
    }

    @Test func theFileIsItsOwnersOnly() async throws {
        let store = try await StoreFixture(.sqlite)
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
