import JOSE
import OpenIDProvider
import Storage
import Testing

/// What every store must do in which replicas count tries together.
struct TryStoreTests {
    private static let kinds: [StoreKind] = [.postgres, .redis, .valkey]
    private static let now = UnixTime(seconds: 1_800_000_000)

    private static func bound(_ number: UInt8, burst: Int64 = 3, perMinute: Int64 = 6) -> BoundedTry {
        BoundedTry(SecretDigest(bytes: Array(repeating: number, count: 32)), burst: burst, perMinute: perMinute)
    }

    @Test(arguments: kinds) func triesComeBackOneByOne(kind: StoreKind) async throws {
        let (fixture, store) = try await Self.store(kind)
        let one = Self.bound(1)
        for _ in 0..<3 { #expect(try await store.take([one], now: Self.now) == nil) }
        #expect(try await store.take([one], now: Self.now) == 10)
        #expect(try await store.take([one], now: Self.now.adding(9)) == 1)
        #expect(try await store.take([one], now: Self.now.adding(10)) == nil)
        #expect(try await store.take([one], now: Self.now.adding(10)) == 10)
        #expect(try await store.take([one], now: Self.now.adding(3600)) == nil)
        withExtendedLifetime(fixture) {}
    }

    @Test(arguments: kinds) func nothingIsCountedWhereOneBoundIsFull(kind: StoreKind) async throws {
        let (fixture, store) = try await Self.store(kind)
        let (full, free) = (Self.bound(1, burst: 1), Self.bound(2, burst: 1))
        #expect(try await store.take([full], now: Self.now) == nil)
        for order in [[full, free], [free, full]] { #expect(try await store.take(order, now: Self.now) == 10) }
        #expect(try await store.take([free], now: Self.now) == nil)
        withExtendedLifetime(fixture) {}
    }

    /// Redis forgets keys by itself.
    @Test func eachTryTakesMoreAwayThanItAdds() async throws {
        let (fixture, store) = try await Self.store(.postgres)
        for number in UInt8(0)..<30 { _ = try await store.take([Self.bound(number)], now: Self.now) }
        for number in UInt8(30)..<34 { _ = try await store.take([Self.bound(number)], now: Self.now.adding(3600)) }
        try await fixture.execute(
            "DO $$ BEGIN IF (SELECT count(*) FROM bounded_tries) <> 4 THEN RAISE 'rows of before are left'; END IF; END $$")
    }

    @Test(arguments: kinds) func theLongestWaitIsTold(kind: StoreKind) async throws {
        let (fixture, store) = try await Self.store(kind)
        let both = [Self.bound(1, burst: 1, perMinute: 30), Self.bound(2, burst: 1, perMinute: 3)]
        #expect(try await store.take(both, now: Self.now) == nil)
        #expect(try await store.take(both, now: Self.now) == 20)
        withExtendedLifetime(fixture) {}
    }

    @Test(arguments: kinds) func whatIsGivenBackIsFreeAgain(kind: StoreKind) async throws {
        let (fixture, store) = try await Self.store(kind)
        let (one, other) = (Self.bound(1, burst: 2), Self.bound(2, burst: 2))
        for _ in 0..<2 { #expect(try await store.take([one, other], now: Self.now) == nil) }
        try await store.giveBack([one], forgetting: [other.name], now: Self.now)
        #expect(try await store.take([one], now: Self.now) == nil)
        #expect(try await store.take([one], now: Self.now) == 10)
        for _ in 0..<2 { #expect(try await store.take([other], now: Self.now) == nil) }
        // What nobody has taken makes nothing free.
        for _ in 0..<5 { try await store.giveBack([Self.bound(3)], forgetting: [], now: Self.now) }
        for _ in 0..<3 { #expect(try await store.take([Self.bound(3)], now: Self.now) == nil) }
        #expect(try await store.take([Self.bound(3)], now: Self.now) == 10)
        withExtendedLifetime(fixture) {}
    }

    @Test(arguments: kinds) func ofManyAtOnceOnlyTheFreeOnesCount(kind: StoreKind) async throws {
        let (fixture, store) = try await Self.store(kind)
        let tries = [Self.bound(9, burst: 5), Self.bound(1, burst: 50), Self.bound(5, burst: 50)]
        let taken = try await withThrowingTaskGroup(of: Bool.self) { group in
            for turn in 0..<32 {
                let order = turn % 2 == 0 ? tries : tries.reversed()
                group.addTask { try await store.take(order, now: Self.now) == nil }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(taken == 5)
        withExtendedLifetime(fixture) {}
    }

    @Test(arguments: kinds) func aClockThatIsFarAheadLocksNobodyOut(kind: StoreKind) async throws {
        let (fixture, store) = try await Self.store(kind)
        for _ in 0..<3 { #expect(try await store.take([Self.bound(1)], now: Self.now.adding(86400)) == nil) }
        #expect(try await store.take([Self.bound(1)], now: Self.now) == 10)
        withExtendedLifetime(fixture) {}
    }

    @Test func whatIsOverLeavesPostgres() async throws {
        let (fixture, store) = try await Self.store(.postgres)
        _ = try await store.take([Self.bound(1), Self.bound(2)], now: Self.now)
        #expect(try await fixture.transients.sweep(expiredAt: Self.now, limit: 10) == 0)
        #expect(try await fixture.transients.sweep(expiredAt: Self.now.adding(60), limit: 10) == 2)
    }

    private static func store(_ kind: StoreKind) async throws -> (StoreFixture, any TryStore) {
        let fixture = try await StoreFixture(kind)
        return (fixture, try #require(fixture.tries))
    }
}
