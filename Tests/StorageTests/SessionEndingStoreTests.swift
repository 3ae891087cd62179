import Accounts
import AuthService
import JOSE
import Storage
import Testing

/// What every session store must keep of sessions that live in cookies.
struct SessionEndingStoreTests {
    private func session(
        _ number: UInt8, begun: Int64 = 100, subject: String = "sub", email: String = "ada@example.com", sid: String? = "sid"
    ) -> Session {
        Session(
            key: SessionKey(digest: Array(repeating: number, count: 32)),
            identity: Identity(
                issuer: "https://issuer", subject: subject,
                claims: JSONObject([("email", .string(email)), ("preferred_username", "ada")])),
            scope: "app.example.com", providerID: "corp", providerSessionID: sid, authTime: UnixTime(seconds: begun),
            createdAt: UnixTime(seconds: begun), lastUsedAt: UnixTime(seconds: begun), expiresAt: UnixTime(seconds: 1000),
            idToken: nil, refreshToken: nil)
    }

    private func ending(_ marks: SessionEnding.Marks, at moment: Int64 = 150, until: Int64 = 900) -> SessionEnding {
        SessionEnding(marks: marks, endedAt: UnixTime(seconds: moment), rememberUntil: UnixTime(seconds: until))
    }

    private static func notice(subject: String?, sid: String?) throws -> SignOutNotice {
        try #require(
            SignOutNotice(
                issuer: "https://issuer", subject: subject, providerSessionID: sid, digest: [1],
                rememberUntil: UnixTime(seconds: 300)))
    }

    /// Which of the three: `sub` with `sid`, `sub` with another, and somebody else.
    static let marks: [(SessionEnding.Marks, [Bool])] = [
        (.init(.all), [true, true, true]),
        (.init(.user(issuer: "https://issuer", subject: "sub")), [true, true, false]),
        (.init(.user(issuer: "https://other", subject: "sub")), [false, false, false]),
        (.init(.named("sub")), [true, true, false]), (.init(.named("ada@example.com")), [true, true, false]),
        (.init(.named("ada")), [true, true, true]), (.init(.named("ad")), [false, false, false]),
        (.init(.handle(Array(repeating: 2, count: 8))), [false, true, false]),
        (.init(.providerSession(issuer: "https://issuer", id: "sid")), [true, false, true]),
        (.init(.providerSession(issuer: "https://other", id: "sid")), [false, false, false]),
    ]

    private var three: [Session] {
        [session(1), session(2, sid: "another"), session(3, subject: "süb", email: "bob@example.com")]
    }

    @Test(arguments: StoreKind.allCases, marks)
    func anEndingMeansWhomItNames(kind: StoreKind, _ entry: (marks: SessionEnding.Marks, meant: [Bool])) async throws {
        let store = try await StoreFixture(kind)
        for session in three { #expect(try await !store.sessions.hasEnded(session)) }
        try await store.sessions.remember(ending(entry.marks))
        for (session, isMeant) in zip(three, entry.meant) {
            #expect(try await store.sessions.hasEnded(session) == isMeant)
            #expect(entry.marks.fit(session) == isMeant)
        }
        #expect(SessionEnding.Marks(json: entry.marks.json) == entry.marks)
    }

    @Test(arguments: StoreKind.allCases)
    func whoBeginsLaterIsNotMeant(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        try await store.sessions.remember(ending(.init(.named("sub")), at: 150))
        try await store.sessions.remember(ending(.init(.named("sub")), at: 120))
        #expect(try await store.sessions.hasEnded(session(1, begun: 150)))
        #expect(try await !store.sessions.hasEnded(session(1, begun: 151)))
    }

    /// All within one second: signed out, signed in, signed out by another mark, and so on.
    @Test(arguments: StoreKind.allCases)
    func ofOneSecondTheOrderCounts(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        #expect(try await store.sessions.beginning(of: session(1, begun: 150)).seconds == 150)
        let marks: [SessionEnding.Marks] = [.init(.named("sub")), .init(.all), .init(.named("sub")), .init(.named("ada"))]
        var before = session(1, begun: 150)
        for (number, marks) in marks.enumerated() {
            try await store.sessions.remember(ending(marks, at: 150))
            #expect(try await store.sessions.hasEnded(before))
            var next = session(UInt8(number) + 2, begun: 150)
            next.createdAt = try await store.sessions.beginning(of: next)
            #expect(try await !store.sessions.hasEnded(next))
            before = next
        }
        #expect(try await store.sessions.beginning(of: session(9, begun: 160)).seconds == 160)
    }

    @Test(arguments: StoreKind.allCases)
    func whatIsOverIsRememberedUntilItsTimeComes(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        try await store.sessions.remember(ending(.init(.named("sub")), until: 200))
        try await store.sessions.revoke(session(3).key, until: UnixTime(seconds: 200))
        for moment in [Int64(199), 200] {
            #expect(try await store.sessions.hasEnded(session(1)) == true)
            #expect(try await store.sessions.hasEnded(session(3, subject: "x")) == true)
            _ = try await store.sessions.sweep(expiredAt: UnixTime(seconds: moment), idleBefore: UnixTime(seconds: 0), limit: 10)
        }
        #expect(try await !store.sessions.hasEnded(session(1)))
        #expect(try await !store.sessions.hasEnded(session(3, subject: "x")))
    }

    @Test(arguments: StoreKind.allCases, [("sub", nil), (nil, "sid"), ("sub", "sid")] as [(String?, String?)])
    func aNoticeIsRememberedWithWhomItNames(kind: StoreKind, _ names: (subject: String?, sid: String?)) async throws {
        let store = try await StoreFixture(kind)
        let notice = try Self.notice(subject: names.subject, sid: names.sid)
        _ = try await store.sessions.signOut(notice, remembering: ending(.init(notice)))
        #expect(try await store.sessions.hasEnded(session(1)))
        #expect(try await store.sessions.hasEnded(session(2, sid: "another")) == (names.sid == nil))
        #expect(try await store.sessions.hasEnded(session(3, subject: "other")) == (names.subject == nil))
    }

    @Test(arguments: StoreKind.allCases)
    func aNoticeThatComesAgainEndsNothing(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        let notice = try Self.notice(subject: "sub", sid: nil)
        _ = try await store.sessions.signOut(notice, remembering: ending(.init(notice), at: 150))
        guard case .replayed = try await store.sessions.signOut(notice, remembering: ending(.init(notice), at: 500)) else {
            Issue.record("the notice counted twice")
            return
        }
        #expect(try await !store.sessions.hasEnded(session(1, begun: 160)))
    }

    @Test(arguments: StoreKind.shared)
    func otherProcessesSeeWhichAreOver(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        let other = try await store.otherProcess()
        let start = try await other.changes(since: nil)
        try await store.sessions.remember(ending(.init(.user(issuer: "https://issuer", subject: "süb"))))
        try await store.sessions.revoke(session(4).key, until: UnixTime(seconds: 900))
        let changes = try await other.changes(since: start.position)
        #expect(changes.keys == [session(4).key])
        #expect(changes.endings == [.init(.user(issuer: "https://issuer", subject: "süb"))])
        #expect(try await other.hasEnded(session(1, subject: "süb")))
    }

    @Test(arguments: StoreKind.allCases)
    func ofManyReplicasOneRenewsTheTokensInACookie(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        let key = session(1).key
        func claim(_ version: Int64, at now: Int64) async throws -> Bool {
            try await store.sessions.claimCookieRefresh(
                key, version: version, now: UnixTime(seconds: now), until: UnixTime(seconds: now + 60))
        }
        let winners = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<64 { group.addTask { try await claim(1, at: 100) } }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(winners == 1)
        #expect(try await claim(2, at: 101), "the next tokens are due")
        #expect(try await !claim(1, at: 159), "an older cookie")
        #expect(try await claim(2, at: 161))
    }
}
