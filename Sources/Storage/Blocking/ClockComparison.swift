package import AuthService
package import Instruments
package import JOSE
import Synchronization

/// Whether this machine and the store that replicas share agree on the time. Sessions, codes and tokens end at moments that each
/// replica reads off its own clock: one whose clock is wrong would let in whom the others do not, or delete what goes on. So it is
/// kept from the store as if that were away, until the clocks agree.
///
/// A clock that is set while the program runs is noticed before the next call.
package final class ClockComparison: Sendable {
    private struct State {
        /// When they were compared last, by the clock of the day and by one that nobody sets.
        var comparedAt: (day: UnixTime, steady: ContinuousClock.Instant)?
        /// Seconds by which our clock is ahead of the store's; negative: behind.
        var lead: Int64 = 0
    }

    private let server: String
    private let clock: WallClock
    private let state = Mutex(State())

    /// Seconds by which the clocks may differ.
    package static let tolerance: Int64 = 60
    /// What was found counts for so long; that they differ, for less.
    private static let lives = (agreeing: Duration.seconds(10), differing: Duration.milliseconds(500))

    /// - Parameter server: for messages.
    package init(_ server: String, clock: WallClock = .system) {
        self.server = server
        self.clock = clock
    }

    /// Throws while the clocks differ.
    /// - Parameter ask: for the server's time; called where it is not known well enough.
    package func check(_ ask: () async throws(StoreFailure) -> UnixTime) async throws(StoreFailure) {
        if !isKnown {
            let asked = clock.now
            note(try await ask(), askedAt: asked)
        }
        try refuse()
    }

    /// Notes the server's time, as an answer brings it that has just come.
    package func note(_ theirs: UnixTime, askedAt asked: UnixTime) {
        let now = clock.now
        // What it took to ask is no difference.
        let lead = theirs < asked ? asked.since(theirs) : min(0, now.since(theirs))
        state.withLock { $0 = State(comparedAt: (now, .now), lead: lead) }
    }

    /// Throws where they were found to differ.
    package func refuse() throws(StoreFailure) {
        guard !agree else { return }
        let lead = lead
        throw StoreFailure(
            detail:
                "\(server) is not asked: this machine's clock is \(lead.magnitude) s \(lead > 0 ? "ahead of" : "behind") its clock"
        )
    }

    /// Whether the last comparison found that they agree.
    package var agree: Bool { lead.magnitude <= Self.tolerance.magnitude }

    private var lead: Int64 { state.withLock { $0.lead } }

    package var now: UnixTime { clock.now }

    private var isKnown: Bool {
        let (day, steady) = (clock.now, ContinuousClock.now)
        return state.withLock { state in
            guard let comparedAt = state.comparedAt else { return false }
            let passed = steady - comparedAt.steady
            let (jump, isOver) = day.since(comparedAt.day).subtractingReportingOverflow(passed.components.seconds)
            guard !isOver, (-2...2).contains(jump) else { return false }
            return passed < (state.lead.magnitude > Self.tolerance.magnitude ? Self.lives.differing : Self.lives.agreeing)
        }
    }

    package var family: MetricFamily {
        MetricFamily(
            "gatehouse_store_clock_lead_seconds", .gauge, "By how much this machine's clock is ahead of the store's.",
            [.init(Double(lead))])
    }
}
