import JOSE
import OpenIDConnect
import OpenIDProvider
import Storage
import Testing

/// What every provider store must do.
struct ProviderStoreTests {
    private func digest(_ number: UInt8) -> SecretDigest { SecretDigest(bytes: Array(repeating: number, count: 32)) }

    private func grant(_ id: String, session: String = "sid", expires: Int64 = 1000, handle: UInt8? = nil) -> GrantRecord {
        GrantRecord(
            id: id, sessionID: session, clientID: "client", subject: "sübject", connectorID: "local",
            user: ConnectorUser(id: "1", claims: JSONObject([("groups", ["a", "b"])])), authTime: UnixTime(seconds: 1),
            scope: Scope(["openid", "email"]),
            claims: handle == nil ? SingleClaims() : SingleClaims(userinfo: ["name", "groups"]),
            createdAt: UnixTime(seconds: 2), expiresAt: UnixTime(seconds: expires),
            refresh: handle.map {
                RefreshFamily(handle: digest($0), key: [1, 2, 3], generation: 1, rotatedAt: UnixTime(seconds: 3))
            })
    }

    private func code(_ number: UInt8, grant: String, expires: Int64 = 500) -> AuthorizationCodeRecord {
        AuthorizationCodeRecord(
            key: digest(number), grantID: grant, clientID: "client", redirectURI: "https://a/cb", nonce: nil,
            codeChallenge: "challenge", expiresAt: UnixTime(seconds: expires), isUsed: false)
    }

    @Test(arguments: StoreKind.allCases)
    func readsWhatWasWritten(kind: StoreKind) async throws {
        let fixture = try await StoreFixture(kind)
        try await fixture.provider.create(grant("g", handle: 9), with: code(1, grant: "g"))
        #expect(try await fixture.provider.authorizationCode(digest(1)) == code(1, grant: "g"))
        #expect(try await fixture.provider.grant(id: "g") == grant("g", handle: 9))
        #expect(try await fixture.provider.grant(refreshHandle: digest(9)) == grant("g", handle: 9))
        #expect(try await fixture.provider.grant(id: "other") == nil)
        #expect(try await fixture.provider.grant(refreshHandle: digest(8)) == nil)
        #expect(try await fixture.provider.authorizationCode(digest(2)) == nil)
    }

    @Test(arguments: StoreKind.allCases)
    func aCodeIsTakenOnceByWhoeverIsFirst(kind: StoreKind) async throws {
        let fixture = try await StoreFixture(kind)
        try await fixture.provider.create(grant("g"), with: code(1, grant: "g"))
        let key = digest(1)
        let winners = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<64 { group.addTask { try await fixture.provider.takeAuthorizationCode(key) } }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(winners == 1)
        #expect(try await fixture.provider.authorizationCode(key)?.isUsed == true)
        #expect(try await !fixture.provider.takeAuthorizationCode(digest(2)))
    }

    @Test(arguments: StoreKind.allCases)
    func ofManyReplacementsOneWins(kind: StoreKind) async throws {
        let fixture = try await StoreFixture(kind)
        try await fixture.provider.create(grant("g"), with: code(1, grant: "g"))
        var next = grant("g", expires: 2000, handle: 9)
        next.version = 2
        let winners = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<64 { group.addTask { [next] in try await fixture.provider.replace(next) } }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(winners == 1)
        #expect(try await fixture.provider.grant(refreshHandle: digest(9)) == next)
    }

    @Test(arguments: StoreKind.allCases)
    func anEndedGrantStaysEnded(kind: StoreKind) async throws {
        let fixture = try await StoreFixture(kind)
        try await fixture.provider.create(grant("g", handle: 9), with: code(1, grant: "g"))
        #expect(try await fixture.provider.endGrant(id: "g"))
        #expect(try await !fixture.provider.endGrant(id: "g"))
        var next = grant("g")
        next.version = 2
        #expect(try await !fixture.provider.replace(next))
        #expect(try await fixture.provider.grant(id: "g") == nil)
        #expect(try await fixture.provider.grant(refreshHandle: digest(9)) == nil)
    }

    @Test(arguments: StoreKind.allCases)
    func aSessionsGrantsEndTogether(kind: StoreKind) async throws {
        let fixture = try await StoreFixture(kind)
        for (number, session) in [(UInt8(1), "one"), (2, "one"), (3, "two")] {
            try await fixture.provider.create(grant("g\(number)", session: session), with: code(number, grant: "g\(number)"))
        }
        #expect(try await fixture.provider.endGrants(sessionID: "one") == 2)
        #expect(try await fixture.provider.grant(id: "g1") == nil)
        #expect(try await fixture.provider.grant(id: "g3") != nil)
    }

    @Test(arguments: StoreKind.allCases)
    func sweepsInBatchesWhatHasEnded(kind: StoreKind) async throws {
        let fixture = try await StoreFixture(kind)
        for number in UInt8(1)...3 {
            try await fixture.provider.create(
                grant("g\(number)", expires: number == 3 ? 1000 : 10), with: code(number, grant: "g", expires: 10))
        }
        func sweep() async throws -> Int {
            try await fixture.provider.sweep(
                codesExpiredAt: UnixTime(seconds: 10), grantsExpiredAt: UnixTime(seconds: 10), limit: 2)
        }
        #expect(try await sweep() == 4)
        #expect(try await sweep() == 1)
        #expect(try await fixture.provider.grant(id: "g3") != nil)
    }

    @Test(arguments: StoreKind.allCases)
    func ofTwoReplicasThatStartAtOnceOneMakesTheKey(kind: StoreKind) async throws {
        let fixture = try await StoreFixture(kind)
        let clock = WallClock { UnixTime(seconds: 5) }
        let ids = try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let ring = try await SigningKeyring.load(
                        purpose: "provider", algorithms: [.es256], from: fixture.signingKeys, clock: clock)
                    return ring.published.keys.compactMap(\.id)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(ids).count == 1)
        let other = try await SigningKeyring.load(
            purpose: "assertion", algorithms: [.es256], from: fixture.signingKeys, clock: clock)
        #expect(other.published.keys.compactMap(\.id) != ids[0])
    }
}
