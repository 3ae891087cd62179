package import AuthService
import Synchronization

/// Keeps callers from a server that does not answer: they are told at once, instead of waiting for it one after the other. From
/// time to time one of them tries it, and when that goes well, all may. So nobody has to be told that it is back, and it does not
/// meet all who have waited at once.
package final class CircuitBreaker: Sendable {
    private struct State {
        /// One after the other, without a success between.
        var failures = 0
        var lastDetail = ""
        /// `nil`: closed, everybody is let through.
        var openUntil: ContinuousClock.Instant?
        var pause: Duration
        /// Whether somebody tries the server right now.
        var isProbed = false
    }

    private let server: String
    private let threshold: Int
    private let pauses: ClosedRange<Duration>
    private let state: Mutex<State>

    /// - Parameters:
    ///   - server: for messages.
    ///   - threshold: so many failures open it.
    ///   - pauses: between two tries; the first one's twice as long each time.
    package init(
        _ server: String, threshold: Int = 3, pauses: ClosedRange<Duration> = .milliseconds(100)...(.milliseconds(500))
    ) {
        self.server = server
        self.threshold = threshold
        self.pauses = pauses
        state = Mutex(State(pause: pauses.lowerBound))
    }

    package var isOpen: Bool { state.withLock { $0.openUntil != nil } }

    /// Throws where nobody is let through; who is has to say afterwards how it went.
    package func enter(at now: ContinuousClock.Instant = .now) throws(StoreFailure) {
        try state.withLock { state throws(StoreFailure) in
            try check(state, now)
            if state.openUntil != nil { state.isProbed = true }
        }
    }

    /// Throws where `enter` would, for who has to wait for a thread first.
    package func check(at now: ContinuousClock.Instant = .now) throws(StoreFailure) {
        try state.withLock { state throws(StoreFailure) in try check(state, now) }
    }

    private func check(_ state: State, _ now: ContinuousClock.Instant) throws(StoreFailure) {
        guard let until = state.openUntil, now < until || state.isProbed else { return }
        throw StoreFailure(detail: "\(server) is away, and is not asked for a moment: \(state.lastDetail)")
    }

    /// The server has answered, with whatever.
    package func succeeded() {
        state.withLock { state in
            state = State(pause: pauses.lowerBound)
        }
    }

    /// It has not.
    package func failed(_ detail: String, at now: ContinuousClock.Instant = .now) {
        state.withLock { state in
            state.failures += 1
            state.lastDetail = detail
            let isProbe = state.isProbed
            state.isProbed = false
            // What had begun before it opened tells nothing new.
            guard isProbe || (state.openUntil == nil && state.failures >= threshold) else { return }
            state.openUntil = now.advanced(by: state.pause)
            state.pause = min(state.pause * 2, pauses.upperBound)
        }
    }
}
