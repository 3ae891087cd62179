import JOSE
import Synchronization

/// The proofs that were used while they are still young enough to be used again (RFC 9449 §11.1).
///
/// Two spans of time, each as long as a proof lives: what is remembered is remembered for at least one span and at most two. A span
/// that is full takes no further proofs; none is forgotten early to make room.
final class UsedProofs: Sendable {
    enum Outcome: Sendable {
        case new
        case used
        case full
    }

    private struct State {
        var current: Set<CredentialDigest> = []
        var previous: Set<CredentialDigest> = []
        var began: UnixTime
    }

    private let state = Mutex(State(began: UnixTime(seconds: 0)))
    private let capacity: Int
    /// From the earliest moment at which a proof is taken to the last.
    private static let span = 2 * ProofFacts.window + 1

    init(capacity: Int = 200_000) { self.capacity = capacity }

    func use(_ proof: CredentialDigest, now: UnixTime) -> Outcome {
        state.withLock { state in
            let age = now.since(state.began)
            if age >= Self.span || age < 0 {
                state.previous = age >= 2 * Self.span || age < 0 ? [] : state.current
                state.current = []
                state.began = now
            }
            guard !state.current.contains(proof), !state.previous.contains(proof) else { return .used }
            guard state.current.count < capacity else { return .full }
            state.current.insert(proof)
            return .new
        }
    }
}
