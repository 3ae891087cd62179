import JOSE
import Synchronization

/// Which refusals for overload are written down: ten a second, and no more, since writing them all would be another load.
final class OverloadNotes: Sendable {
    private struct State {
        var second = UnixTime(seconds: 0)
        var noted = 0
        var unnoted = 0
    }

    private static let perSecond = 10
    private let state = Mutex(State())

    /// How many were not noted since the last one that was; `nil`: this one is not noted either.
    func note(at now: UnixTime) -> Int? {
        state.withLock { state in
            if state.second != now { (state.second, state.noted) = (now, 0) }
            guard state.noted < Self.perSecond else {
                state.unnoted &+= 1
                return nil
            }
            defer { state.unnoted = 0 }
            state.noted += 1
            return state.unnoted
        }
    }
}
