import JOSE
import OpenIDProvider
import Storage
import Testing

/// What every store of what upstreams are asked again with must do.
struct UpstreamStoreTests {
    private func tokens(_ id: String, _ sealed: String = "sealed", expires: Int64 = 1000, version: Int64 = 1) -> UpstreamTokens {
        UpstreamTokens(accountID: id, sealed: sealed, expiresAt: UnixTime(seconds: expires), version: version)
    }

    @Test(arguments: StoreKind.allCases)
    func keepsOneRowAnAccount(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind).upstream
        #expect(try await store.upstreamTokens(accountID: "a") == nil)
        try await store.keep(tokens("a"))
        try await store.keep(tokens("b", "other"))
        #expect(try await store.upstreamTokens(accountID: "a") == tokens("a"))
        try await store.keep(tokens("a", "newer"))
        #expect(try await store.upstreamTokens(accountID: "a") == tokens("a", "newer"))
        try await store.dropUpstreamTokens(accountIDs: ["a", "unknown"])
        #expect(try await store.upstreamTokens(accountID: "a") == nil)
        #expect(try await store.upstreamTokens(accountID: "b") == tokens("b", "other"))
    }

    @Test(arguments: StoreKind.allCases)
    func ofManyWhoClaimItOneGetsIt(kind: StoreKind) async throws {
        let fixture = try await StoreFixture(kind)
        try await fixture.upstream.keep(tokens("a"))
        var next = tokens("a", "claimed", version: 2)
        next.claimedUntil = UnixTime(seconds: 30)
        let winners = try await withThrowingTaskGroup(of: Bool.self) { [next] group in
            for _ in 0..<64 { group.addTask { try await fixture.upstream.replace(next) } }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(winners == 1)
        #expect(try await fixture.upstream.upstreamTokens(accountID: "a") == next)
        #expect(try await !fixture.upstream.replace(tokens("nobody", version: 2)))
    }

    @Test(arguments: StoreKind.allCases)
    func sweepsWhatHasHadItsTime(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind).upstream
        for (id, expires) in [("a", 10), ("b", 20), ("c", 21)] { try await store.keep(tokens(id, expires: Int64(expires))) }
        #expect(try await store.sweep(expiredAt: UnixTime(seconds: 20), limit: 1) == 1)
        #expect(try await store.sweep(expiredAt: UnixTime(seconds: 20), limit: 10) == 1)
        #expect(try await store.upstreamTokens(accountID: "c") != nil)
    }
}
