import JOSE
import OpenIDProvider
import Storage
import Testing
import Web

/// Replicas count wrong passwords together, and each of them by itself where the store does not answer.
struct SharedSlowDownTests {
    private let elsewhere = "198.51.100.10"

    private struct Replicas {
        let one: TestProvider
        let other: TestProvider
        let clock = TestClock()

        init(_ tries: any TryStore) throws {
            let transients = MemoryTransientStore()
            one = try TestProvider(tries: tries, transients: transients, clock: clock)
            other = try TestProvider(tries: tries, transients: transients, clock: clock)
        }
    }

    @Test func whatWasTriedAtOneIsGoneAtTheOther() async throws {
        let replicas = try Replicas(TestTries())
        let guessers = [replicas.one, replicas.other].map { Guesser($0, from: elsewhere) }
        var statuses: [Int] = []
        for turn in 0..<22 { statuses.append(try await guessers[turn % 2].guess("jane@example.com").status) }
        #expect(statuses == Array(repeating: 401, count: 20) + [429, 429])
        #expect(replicas.one.connector.callCount + replicas.other.connector.callCount == 20)
        replicas.clock.move(by: 10)
        #expect(try await guessers[1].guess("jane@example.com", password: "right").code != nil)
    }

    @Test func aRightPasswordGivesTheTriesBackEverywhere() async throws {
        let tries = TestTries()
        let replicas = try Replicas(tries)
        let guesser = Guesser(replicas.one, from: elsewhere)
        _ = try await guesser.statuses("jane@example.com", tries: 19)
        #expect(try await guesser.guess("jane@example.com", password: "right").code != nil)
        #expect(
            try await Guesser(replicas.other, from: elsewhere).statuses("jane@example.com", tries: 20).allSatisfy { $0 == 401 })
    }

    @Test func whoHasSignedInAtOneIsNoStrangerAtTheOther() async throws {
        let replicas = try Replicas(TestTries())
        let home = "192.0.2.10"
        #expect(try await Guesser(replicas.one, from: home).guess("jane@example.com", password: "right").code != nil)
        for network in 0..<2 {
            _ = try await Guesser(replicas.other, from: "198.51.\(network).1").statuses("jane@example.com", tries: 20)
        }
        #expect(try await Guesser(replicas.other, from: "203.0.113.1").guess("jane@example.com", password: "right").status == 429)
        #expect(try await Guesser(replicas.other, from: home).guess("jane@example.com", password: "right").code != nil)
    }

    /// A guess that waits for its turn at the store takes no other of the same along to the password.
    @Test func theSameGuessAtOnceIsNotLookedAtWhileItIsNotCounted() async throws {
        let replicas = try Replicas(FullTries())
        let guesser = Guesser(replicas.one, from: elsewhere)
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<4 { group.addTask { try await guesser.guess("jane@example.com", password: "right").status } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses == [429, 429, 429, 429])
        #expect(replicas.one.connector.callCount == 0)
    }

    @Test func withoutTheStoreEachCountsByItself() async throws {
        let replicas = try Replicas(SilentTries())
        for provider in [replicas.one, replicas.other] {
            let statuses = try await Guesser(provider, from: elsewhere).statuses("jane@example.com", tries: 22)
            #expect(statuses == Array(repeating: 401, count: 20) + [429, 429])
        }
        #expect(try await Guesser(replicas.one, from: "192.0.2.1").guess("jane@example.com", password: "right").code != nil)
    }
}

/// Says after a moment that everybody has to wait.
private struct FullTries: TryStore {
    func take(_ tries: [BoundedTry], now: UnixTime) async throws(ProviderStoreFailure) -> Int64? {
        try? await Task.sleep(for: .milliseconds(100))
        return 10
    }

    func giveBack(
        _ tries: [BoundedTry], forgetting names: [SecretDigest], now: UnixTime
    ) async throws(ProviderStoreFailure) {}
}

/// `BoundedTry` as every store has to count it.
private actor TestTries: TryStore {
    private var moments: [SecretDigest: Int64] = [:]

    func take(_ tries: [BoundedTry], now: UnixTime) async throws(ProviderStoreFailure) -> Int64? {
        let now = now.milliseconds
        let waits = tries.compactMap { $0.secondsToWait(moments[$0.name] ?? 0, now: now) }
        guard waits.isEmpty else { return waits.max() }
        for one in tries { moments[one.name] = one.known(moments[one.name] ?? 0, now: now) + one.interval }
        return nil
    }

    func giveBack(
        _ tries: [BoundedTry], forgetting names: [SecretDigest], now: UnixTime
    ) async throws(ProviderStoreFailure) {
        for one in tries { moments[one.name]? -= one.interval }
        for name in names { moments[name] = nil }
    }
}

private struct SilentTries: TryStore {
    func take(_ tries: [BoundedTry], now: UnixTime) async throws(ProviderStoreFailure) -> Int64? {
        throw ProviderStoreFailure(detail: "away")
    }

    func giveBack(
        _ tries: [BoundedTry], forgetting names: [SecretDigest], now: UnixTime
    ) async throws(ProviderStoreFailure) {
        throw ProviderStoreFailure(detail: "away")
    }
}
