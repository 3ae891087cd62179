import JOSE
import Synchronization

/// Bounds the questions to whoever knows: at most so many at once, and each thing is asked about by one request at a time, the others
/// wait for the same answer.
final class InquiryGate<Outcome: Sendable>: Sendable {
    private struct State {
        var waiting: [SHA256Bytes: [CheckedContinuation<Outcome, Never>]] = [:]
    }

    private enum Step {
        case ask
        case turnedAway
    }

    private let state = Mutex(State())
    /// Questions in flight at most; more are turned away.
    private let width = 64
    /// Requests that may wait for one answer.
    private let maximumWaiting = 1000
    private let turnedAway: @Sendable (_ detail: String) -> Outcome

    /// - Parameter turnedAway: the outcome of a question that is not asked.
    init(turnedAway: @escaping @Sendable (_ detail: String) -> Outcome) { self.turnedAway = turnedAway }

    /// - Parameter digest: of what is asked about.
    func outcome(for digest: SHA256Bytes, _ ask: @Sendable () async -> Outcome) async -> Outcome {
        let step: Step? = state.withLock { state in
            guard state.waiting[digest] == nil else { return nil }
            guard state.waiting.count < width else { return .turnedAway }
            state.waiting[digest] = []
            return .ask
        }
        switch step {
        case .turnedAway: return turnedAway("too many questions wait for an answer")
        case nil: return await answerInFlight(for: digest)
        case .ask: break
        }
        let outcome = await ask()
        let waiting = state.withLock { $0.waiting.removeValue(forKey: digest) } ?? []
        for continuation in waiting { continuation.resume(returning: outcome) }
        return outcome
    }

    private func answerInFlight(for digest: SHA256Bytes) async -> Outcome {
        await withCheckedContinuation { continuation in
            let waits = state.withLock { state in
                guard let count = state.waiting[digest]?.count, count < maximumWaiting else { return false }
                state.waiting[digest]?.append(continuation)
                return true
            }
            // Answered just now: the next request finds the answer in memory.
            if !waits { continuation.resume(returning: turnedAway("the answer to a question was missed")) }
        }
    }
}

extension InquiryGate where Outcome == CredentialOutcome {
    convenience init() { self.init { .unavailable(detail: $0) } }
}
