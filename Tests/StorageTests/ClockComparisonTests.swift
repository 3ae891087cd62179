import AuthService
import JOSE
import Storage
import Synchronization
import Testing

/// A replica whose clock is not the store's.
struct ClockComparisonTests {
    /// Our clock, which a test sets, and the store's, which counts who asks it.
    final class Clocks: Sendable {
        let ours = Mutex<Int64>(1_800_000_000)
        let theirs = Mutex<Int64>(1_800_000_000)
        let questions = Mutex(0)

        var wall: WallClock { WallClock { [self] in UnixTime(seconds: ours.withLock { $0 }) } }

        func time() async throws(StoreFailure) -> UnixTime {
            questions.withLock { $0 += 1 }
            return UnixTime(seconds: theirs.withLock { $0 })
        }

        var asked: Int { questions.withLock { $0 } }
    }

    private let clocks = Clocks()
    private let comparison: ClockComparison

    init() { comparison = ClockComparison("the store", clock: clocks.wall) }

    private func outcome() async -> String? {
        do throws(StoreFailure) {
            try await comparison.check(clocks.time)
            return nil
        } catch { return error.detail }
    }

    @Test(arguments: [0, 1, -1, 60, -60] as [Int64])
    func aClockThatIsAlmostRightIsBorne(_ lead: Int64) async {
        clocks.ours.withLock { $0 += lead }
        #expect(await outcome() == nil)
    }

    @Test(
        arguments: [
            (61, "61 s ahead of"), (-61, "61 s behind"), (3600, "3600 s ahead of"), (-3600, "3600 s behind"), (.max, "ahead of"),
        ] as [(Int64, String)])
    func aClockThatIsWrongKeepsThisMachineFromTheStore(_ lead: Int64, _ said: String) async throws {
        clocks.ours.withLock { $0 = $0.addingReportingOverflow(lead).overflow ? .max : $0 + lead }
        let detail = try #require(await outcome())
        #expect(detail.contains("the store is not asked: this machine's clock is ") && detail.contains(said))
    }

    @Test func whatIsKnownIsNotAskedAgain() async {
        for _ in 0..<10 { #expect(await outcome() == nil) }
        // A clock of the day that stands still, as this one does, looks set back where a test has to wait for its turn.
        #expect(clocks.asked < 10)
    }

    @Test func whatAnAnswerBringsIsNotAskedFor() async {
        comparison.note(UnixTime(seconds: clocks.theirs.withLock { $0 }), askedAt: comparison.now)
        for _ in 0..<10 { #expect(await outcome() == nil) }
        #expect(clocks.asked < 10)
    }

    @Test(arguments: [3600, -3600] as [Int64])
    func aClockThatIsSetMeanwhileIsNoticedAtOnce(_ jump: Int64) async {
        #expect(await outcome() == nil && comparison.agree)
        clocks.ours.withLock { $0 += jump }
        #expect(await outcome() != nil && !comparison.agree)
        clocks.ours.withLock { $0 -= jump }
        #expect(await outcome() == nil && comparison.agree)
    }

    @Test func aStoreWhoseClockIsSetRightIsAskedAgainSoon() async throws {
        clocks.theirs.withLock { $0 += 3600 }
        #expect(await outcome() != nil)
        clocks.theirs.withLock { $0 -= 3600 }
        try await Task.sleep(for: .milliseconds(600))
        #expect(await outcome() == nil)
    }

    @Test func whatItTakesToAskIsNoDifference() {
        let asked = comparison.now
        clocks.ours.withLock { $0 += 100 }
        comparison.note(UnixTime(seconds: asked.seconds + 50), askedAt: asked)
        #expect(throws: Never.self) { try comparison.refuse() }
    }

    @Test func aStoreThatDoesNotAnswerIsAway() async {
        await #expect(throws: StoreFailure.self) {
            try await comparison.check { () throws(StoreFailure) in throw StoreFailure(detail: "away") }
        }
    }
}
