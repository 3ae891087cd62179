import Doctor
import Foundation
import Testing

struct BoundedTests {
    /// Each goes on only when all have begun: with fewer threads than that they would wait for one another.
    @Test func nobodysSilenceUsesUpAnothersTime() async {
        let meeting = Meeting(24)
        let outcomes = await withTaskGroup(of: Bool?.self) { group in
            for _ in 0..<24 {
                group.addTask { await Bounded.run(.seconds(60)) { meeting.wait() } }
            }
            return await group.reduce(into: [Bool?]()) { $0.append($1) }
        }
        #expect(outcomes == Array(repeating: true, count: 24))
    }

    @Test func whatTakesTooLongIsNotWaitedFor() async {
        let asleep = await Bounded.wait(.milliseconds(50)) {
            try? await Task.sleep(for: .seconds(600))
            return 1
        }
        #expect(asleep == nil)
        #expect(await Bounded.wait(.seconds(60)) { 1 } == 1)
    }
}

private final class Meeting: @unchecked Sendable {
    private let condition = NSCondition()
    private var missing: Int

    init(_ number: Int) { missing = number }

    /// Whether all others have come, too.
    func wait() -> Bool {
        condition.lock()
        defer { condition.unlock() }
        missing -= 1
        condition.broadcast()
        let end = Date(timeIntervalSinceNow: 50)
        while missing > 0, condition.wait(until: end) {}
        return missing == 0
    }
}
