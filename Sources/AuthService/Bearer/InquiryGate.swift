import Synchronization

/// Bounds the questions about the tokens of one issuer: at most so many at once, and each token is asked about by one request at a
/// time, the others wait for the same answer.
final class InquiryGate: Sendable {
    /// Questions in flight at most; more are turned away.
    private static let width = 64
    /// Requests that may wait for one answer.
    private static let maximumWaiting = 1000

    private struct State {
        var waiting: [CredentialDigest: [CheckedContinuation<CredentialOutcome, Never>]] = [:]
    }

    private enum Step {
        case ask
        case turnedAway
    }

    private let state = Mutex(State())

    func outcome(
        for digest: CredentialDigest, _ ask: @Sendable () async -> CredentialOutcome
    ) async -> CredentialOutcome {
        let step: Step? = state.withLock { state in
            guard state.waiting[digest] == nil else { return nil }
            guard state.waiting.count < Self.width else { return .turnedAway }
            state.waiting[digest] = []
            return .ask
        }
        switch step {
        case .turnedAway: return .unavailable(detail: "too many tokens wait for their issuer")
        case nil: return await answerInFlight(for: digest)
        case .ask: break
        }
        let outcome = await ask()
        let waiting = state.withLock { $0.waiting.removeValue(forKey: digest) } ?? []
        for continuation in waiting { continuation.resume(returning: outcome) }
        return outcome
    }

    private func answerInFlight(for digest: CredentialDigest) async -> CredentialOutcome {
        await withCheckedContinuation { continuation in
            let waits = state.withLock { state in
                guard let count = state.waiting[digest]?.count, count < Self.maximumWaiting else { return false }
                state.waiting[digest]?.append(continuation)
                return true
            }
            // Answered just now: the next request finds the answer in memory.
            if !waits { continuation.resume(returning: .unavailable(detail: "the answer about a token was missed")) }
        }
    }
}
