import JOSE
import OpenIDConnect
import OpenIDProvider
import Storage
import Testing

/// What every store of sessions at the provider must do.
struct SSOStoreTests {
    private func digest(_ number: UInt8) -> SecretDigest { SecretDigest(bytes: Array(repeating: number, count: 32)) }

    private func account(_ id: String, subject: String = "sübject") -> SSOAccount {
        SSOAccount(
            id: id, connectorID: "local", login: "jané", user: ConnectorUser(id: "1", claims: JSONObject([("groups", ["a"])])),
            subject: subject, authTime: UnixTime(seconds: 5), authentication: Authentication(amr: ["pwd", "otp"], acr: "mfa"),
            clients: ["app"])
    }

    private func session(_ key: UInt8, _ accounts: [SSOAccount], version: Int64 = 1, expires: Int64 = 1000) -> SSOSession {
        SSOSession(
            key: digest(key), accounts: accounts, isRemembered: true, createdAt: UnixTime(seconds: 5),
            lastUsedAt: UnixTime(seconds: 6), expiresAt: UnixTime(seconds: expires), version: version)
    }

    private func notice(_ id: String, at time: Int64 = 10) -> LogoutNotice {
        LogoutNotice(
            id: id, clientID: "app", sessionID: "s1", subject: "sübject", createdAt: UnixTime(seconds: 10),
            nextAttemptAt: UnixTime(seconds: time))
    }

    private func grant(_ id: String, session: String, scope: [String] = ["openid"]) -> GrantRecord {
        GrantRecord(
            id: id, sessionID: session, clientID: "app", subject: "sübject", connectorID: "local",
            user: ConnectorUser(id: "1", claims: JSONObject()), authTime: UnixTime(seconds: 1),
            authentication: Authentication(amr: ["pwd", "otp"], acr: "mfa"), scope: Scope(scope),
            createdAt: UnixTime(seconds: 2), expiresAt: UnixTime(seconds: 1000))
    }

    private func keep(_ grant: GrantRecord, _ number: UInt8, _ fixture: StoreFixture) async throws {
        let code = AuthorizationCodeRecord(
            key: digest(number), grantID: grant.id, clientID: "app", redirectURI: "https://a/cb", nonce: nil, codeChallenge: nil,
            expiresAt: UnixTime(seconds: 500), isUsed: false)
        try await fixture.provider.create(grant, with: code)
    }

    @Test(arguments: StoreKind.allCases)
    func readsWhatWasWritten(kind: StoreKind) async throws {
        let fixture = try await StoreFixture(kind)
        let written = session(1, [account("s1"), account("s2", subject: "other")])
        #expect(try await fixture.sso.begin(written, inPlaceOf: nil))
        #expect(try await fixture.sso.session(digest(1)) == written)
        #expect(try await fixture.sso.session(ofAccount: "s2") == written)
        #expect(try await fixture.sso.accounts(ofSubject: "other") == ["s2"])
        #expect(try await fixture.sso.session(digest(2)) == nil)
        #expect(try await fixture.sso.session(ofAccount: "s3") == nil)
    }

    @Test(arguments: StoreKind.allCases)
    func aGrantRemembersHowItsPersonSignedIn(kind: StoreKind) async throws {
        let fixture = try await StoreFixture(kind)
        try await keep(grant("g", session: "s1"), 1, fixture)
        #expect(try await fixture.provider.grant(id: "g") == grant("g", session: "s1"))
    }

    @Test(arguments: StoreKind.allCases)
    func aNewSessionTakesThePlaceOfTheOldOneAsItWasRead(kind: StoreKind) async throws {
        let fixture = try await StoreFixture(kind)
        let old = session(1, [account("s1")])
        _ = try await fixture.sso.begin(old, inPlaceOf: nil)
        var changed = old
        changed.version = 2
        #expect(try await fixture.sso.replace(changed))
        #expect(try await !fixture.sso.begin(session(2, [account("s1")]), inPlaceOf: old))
        #expect(try await fixture.sso.session(digest(2)) == nil)
        #expect(try await fixture.sso.begin(session(2, [account("s1")]), inPlaceOf: changed))
        #expect(try await fixture.sso.session(digest(1)) == nil)
        #expect(try await fixture.sso.session(ofAccount: "s1")?.key == digest(2))
    }

    @Test(arguments: StoreKind.allCases)
    func ofManyReplacementsOneWins(kind: StoreKind) async throws {
        let fixture = try await StoreFixture(kind)
        _ = try await fixture.sso.begin(session(1, [account("s1")]), inPlaceOf: nil)
        let next = session(1, [account("s1")], version: 2)
        let winners = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<64 { group.addTask { try await fixture.sso.replace(next) } }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(winners == 1)
    }

    @Test(arguments: StoreKind.allCases)
    func endingAnAccountEndsItsGrantsAndNotesWhomToTell(kind: StoreKind) async throws {
        let fixture = try await StoreFixture(kind)
        _ = try await fixture.sso.begin(session(1, [account("s1"), account("s2", subject: "other")]), inPlaceOf: nil)
        try await keep(grant("g1", session: "s1"), 1, fixture)
        try await keep(grant("g2", session: "s2"), 2, fixture)
        try await fixture.sso.end(SSOEnding(accountIDs: ["s1"], notices: [notice("n")]), keepingOffline: false)
        #expect(try await fixture.sso.session(digest(1))?.accounts.map(\.id) == ["s2"])
        #expect(try await fixture.sso.session(ofAccount: "s1") == nil)
        #expect(try await fixture.provider.grant(id: "g1") == nil)
        #expect(try await fixture.provider.grant(id: "g2") != nil)
        // Whoever had read the session before cannot bring the account back.
        #expect(try await !fixture.sso.replace(session(1, [account("s1"), account("s2")], version: 2)))
        try await fixture.sso.end(SSOEnding(accountIDs: ["s2"], notices: []), keepingOffline: false)
        #expect(try await fixture.sso.session(digest(1)) == nil)
    }

    @Test(arguments: StoreKind.allCases, [false, true])
    func offlineGrantsGoOnWhereTheyAreKept(kind: StoreKind, keeps: Bool) async throws {
        let fixture = try await StoreFixture(kind)
        try await keep(grant("g1", session: "s1", scope: ["openid", "offline_access"]), 1, fixture)
        try await keep(grant("g2", session: "s1"), 2, fixture)
        try await fixture.sso.end(SSOEnding(accountIDs: ["s1"], notices: []), keepingOffline: keeps)
        #expect(try await (fixture.provider.grant(id: "g1") != nil) == keeps)
        #expect(try await fixture.provider.grant(id: "g2") == nil)
    }

    @Test(arguments: StoreKind.allCases)
    func aNoticeBelongsToOneSenderAtATime(kind: StoreKind) async throws {
        let fixture = try await StoreFixture(kind)
        let ending = SSOEnding(accountIDs: [], notices: [notice("n1"), notice("n2"), notice("later", at: 99)])
        try await fixture.sso.end(ending, keepingOffline: false)
        func claim(_ now: Int64) async throws -> [LogoutNotice] {
            try await fixture.sso.claimNotices(dueAt: UnixTime(seconds: now), until: UnixTime(seconds: now + 60), limit: 10)
        }
        #expect(Set(try await claim(10).map(\.id)) == ["n1", "n2"])
        #expect(try await claim(11).isEmpty)
        try await fixture.sso.dropNotice(id: "n1")
        try await fixture.sso.postponeNotice(id: "n2", until: UnixTime(seconds: 20))
        let again = try await claim(20)
        #expect(again.map(\.id) == ["n2"] && again.first?.attempts == 1)
    }

    @Test(arguments: StoreKind.allCases)
    func ofManySendersEachNoticeHasOne(kind: StoreKind) async throws {
        let fixture = try await StoreFixture(kind)
        let ids = (0..<20).map { "n\($0)" }
        try await fixture.sso.end(SSOEnding(accountIDs: [], notices: ids.map { notice($0) }), keepingOffline: false)
        func claim() async throws -> [String] {
            try await fixture.sso.claimNotices(dueAt: UnixTime(seconds: 10), until: UnixTime(seconds: 70), limit: 3).map(\.id)
        }
        var claimed = try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<64 { group.addTask { try await claim() } }
            return try await group.reduce([]) { $0 + $1 }
        }
        #expect(!claimed.isEmpty)
        // What one of them had in its hands is passed over by the others.
        for _ in 0..<7 { claimed += try await claim() }
        #expect(claimed.sorted() == ids.sorted())
    }

    @Test(arguments: StoreKind.allCases)
    func consentsAreRememberedAndTakenBack(kind: StoreKind) async throws {
        let fixture = try await StoreFixture(kind)
        func consent(_ scope: String) -> ConsentRecord {
            ConsentRecord(subject: "sübject", clientID: "app", scope: Scope([scope]), givenAt: UnixTime(seconds: 7))
        }
        try await fixture.sso.remember(consent("openid"))
        try await fixture.sso.remember(consent("email"))
        #expect(try await fixture.sso.consent(subject: "sübject", client: "app") == consent("email"))
        #expect(try await fixture.sso.consents(ofSubject: "sübject") == [consent("email")])
        #expect(try await fixture.sso.consents(ofSubject: "other").isEmpty)
        try await keep(grant("g", session: "s1"), 1, fixture)
        try await fixture.sso.revokeConsent(subject: "sübject", client: "app")
        #expect(try await fixture.sso.consent(subject: "sübject", client: "app") == nil)
        #expect(try await fixture.provider.grant(id: "g") == nil)
    }

    @Test(arguments: StoreKind.allCases)
    func sweepsInBatchesWhatHasEnded(kind: StoreKind) async throws {
        let fixture = try await StoreFixture(kind)
        for number in UInt8(1)...3 {
            _ = try await fixture.sso.begin(
                session(number, [account("s\(number)")], expires: number == 3 ? 1000 : 10), inPlaceOf: nil)
        }
        func sweep(idleBefore: Int64) async throws -> Int {
            try await fixture.sso.sweepSessions(
                expiredAt: UnixTime(seconds: 10), idleBefore: UnixTime(seconds: idleBefore), limit: 1)
        }
        #expect(try await sweep(idleBefore: 0) == 1)
        #expect(try await sweep(idleBefore: 0) == 1)
        #expect(try await sweep(idleBefore: 0) == 0)
        #expect(try await fixture.sso.session(ofAccount: "s3") != nil)
        #expect(try await sweep(idleBefore: 6) == 1)
        #expect(try await fixture.sso.session(ofAccount: "s3") == nil)
    }

    @Test(arguments: StoreKind.allCases)
    func listsSessionsOfAUserOrOfEverybody(kind: StoreKind) async throws {
        let fixture = try await StoreFixture(kind)
        let store = fixture.sso
        defer { withExtendedLifetime(fixture) {} }
        var named = account("s3", subject: "other")
        named.user = ConnectorUser(id: "2", claims: JSONObject([("email", "jane@example.com"), ("preferred_username", "jane")]))
        var later = session(2, [named])
        later.lastUsedAt = UnixTime(seconds: 7)
        #expect(try await store.begin(session(1, [account("s1"), account("s2", subject: "third")]), inPlaceOf: nil))
        #expect(try await store.begin(later, inPlaceOf: nil))
        #expect(try await store.sessions(ofUser: nil, limit: 10).map(\.key) == [digest(2), digest(1)])
        #expect(try await store.sessions(ofUser: nil, limit: 1).map(\.key) == [digest(2)])
        for (user, number) in [("sübject", 1), ("third", 1), ("other", 2), ("jane", 2), ("jane@example.com", 2)] {
            #expect(try await store.sessions(ofUser: user, limit: 10).map(\.key) == [digest(UInt8(number))], "\(user)")
        }
        #expect(try await store.sessions(ofUser: "Jane", limit: 10) == [])
        #expect(try await store.sessions(ofUser: "s1", limit: 10) == [])
    }
}
