import JOSE
import Synchronization

/// A store that is away holds up whoever asks it, for seconds where it only keeps silent. So while it is away requests are told at
/// once, and only who watches it asks.
final class StoreOutage: Sendable {
    private struct State {
        /// Requests that wait for the store.
        var waiting = 0
        /// Since when none of them has got an answer.
        var silentSince = UnixTime(seconds: 0)
        var failure: StoreFailure?
        var askAgainAt = UnixTime(seconds: 0)
    }

    private let state = Mutex(State())
    /// Seconds after the last failure that a request asks, should nobody watch.
    private static let interval: Int64 = 15
    /// Seconds after which a silent store counts as one that is away.
    private static let patience: Int64 = 2

    /// What `ask` brings, unless the store is known to be away.
    func asking<Value: Sendable>(
        _ clock: WallClock, _ ask: () async throws(StoreFailure) -> Value
    ) async throws(StoreFailure) -> Value {
        if let failure = failure(clock.now) { throw failure }
        return try await watching(clock, ask)
    }

    /// What `ask` brings, whatever is known.
    func watching<Value: Sendable>(
        _ clock: WallClock, _ ask: () async throws(StoreFailure) -> Value
    ) async throws(StoreFailure) -> Value {
        begin(clock.now)
        do throws(StoreFailure) {
            let value = try await ask()
            end(clock.now, nil)
            return value
        } catch {
            end(clock.now, error.isOfOneRecord ? nil : error)
            throw error
        }
    }

    /// `nil`: the store is to be asked.
    private func failure(_ now: UnixTime) -> StoreFailure? {
        state.withLock { state in
            if state.waiting > 0, now.since(state.silentSince) >= Self.patience {
                return StoreFailure(detail: "the store keeps silent")
            }
            guard let failure = state.failure, now < state.askAgainAt else { return nil }
            return failure
        }
    }

    private func begin(_ now: UnixTime) {
        state.withLock { state in
            if state.waiting == 0 { state.silentSince = now }
            state.waiting += 1
        }
    }

    /// - Parameter failure: `nil`: the store has answered.
    private func end(_ now: UnixTime, _ failure: StoreFailure?) {
        state.withLock { state in
            state.waiting -= 1
            state.silentSince = now
            state.failure = failure
            if failure != nil { state.askAgainAt = now.adding(Self.interval) }
        }
    }
}
