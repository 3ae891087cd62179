import JOSE
import Synchronization

/// Bounds the questions that checks have to ask somebody else: at most so many at once, and each thing is asked about by one request
/// at a time, the others wait for the same answer.
final class InquiryGate<Key: Hashable & Sendable, Answer: Sendable>: Sendable {
    private struct State {
        var waiting: [Key: [CheckedContinuation<Answer?, Never>]] = [:]
    }

    private enum Step {
        case ask
        case wait
        case turnedAway
    }

    private let state = Mutex(State())
    private let turnedAway: Answer

    /// Questions in flight at most; more are turned away.
    private static var width: Int { 64 }
    /// Requests that may wait for one answer.
    private static var maximumWaiting: Int { 1000 }

    /// - Parameter turnedAway: what one request too many gets.
    init(turnedAway: Answer) { self.turnedAway = turnedAway }

    /// The answer to the question about `key`.
    /// - Parameter ask: called by one request at a time; may find that another has brought the answer meanwhile.
    func answer(about key: Key, _ ask: @Sendable () async -> Answer) async -> Answer {
        while true {
            switch step(key) {
            case .ask:
                let answer = await ask()
                let waiting = state.withLock { $0.waiting.removeValue(forKey: key) } ?? []
                for continuation in waiting { continuation.resume(returning: answer) }
                return answer
            case .wait: if let answer = await answerInFlight(about: key) { return answer }
            case .turnedAway: return turnedAway
            }
        }
    }

    private func step(_ key: Key) -> Step {
        state.withLock { state in
            if let waiting = state.waiting[key] { return waiting.count < Self.maximumWaiting ? .wait : .turnedAway }
            guard state.waiting.count < Self.width else { return .turnedAway }
            state.waiting[key] = []
            return .ask
        }
    }

    /// `nil`: answered just now, before there was anybody to wait.
    private func answerInFlight(about key: Key) async -> Answer? {
        await withCheckedContinuation { continuation in
            let waits = state.withLock { state in
                guard state.waiting[key] != nil else { return false }
                state.waiting[key]?.append(continuation)
                return true
            }
            if !waits { continuation.resume(returning: nil) }
        }
    }
}

/// Of credentials, each known by its digest.
typealias CredentialGate = InquiryGate<CredentialDigest, CredentialOutcome>

extension InquiryGate where Key == CredentialDigest, Answer == CredentialOutcome {
    convenience init() { self.init(turnedAway: .unavailable(detail: "too many credentials wait for an answer")) }
}
