import JOSE
import Synchronization

/// A document of a provider's that is fetched when it is needed and kept for a while, with one fetch in flight at a time.
///
/// The lock is never held over a suspension; it is there because the check reads `usable` synchronously on an event loop.
final class FetchedDocument<Value: Sendable>: Sendable {
    /// All in seconds.
    struct Lifetimes: Sendable {
        /// Used without a fetch.
        let fresh: Int64
        /// Still used where fetching a newer one fails.
        let stale: Int64
        /// No fetch for so long after a failed one.
        var backOff: Int64 = 5
        /// Between two fetches that `refetched` forces.
        var forcedInterval: Int64 = 60
    }

    private struct State {
        var held: (value: Value, fetchedAt: UnixTime)?
        var failed: (failure: UpstreamFailure, at: UnixTime)?
        var forcedAt: UnixTime?
        var isFetching = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private enum Step {
        case use(Value)
        case fail(UpstreamFailure)
        case fetch
        case wait
    }

    private let lifetimes: Lifetimes
    private let clock: WallClock
    private let fetch: @Sendable () async throws(UpstreamFailure) -> Value
    private let state = Mutex(State())

    init(
        lifetimes: Lifetimes, clock: WallClock, fetch: @escaping @Sendable () async throws(UpstreamFailure) -> Value
    ) {
        self.lifetimes = lifetimes
        self.clock = clock
        self.fetch = fetch
    }

    /// What `value()` would return without waiting; `nil` where it would fetch or fail.
    var usable: Value? {
        let now = clock.now
        return state.withLock { state in
            if let value = value(in: state, within: lifetimes.fresh, at: now) { return value }
            guard state.isFetching || failure(in: state, at: now) != nil else { return nil }
            return value(in: state, within: lifetimes.stale, at: now)
        }
    }

    /// The document: fresh, or just fetched, or a stale one where the fetch failed or another caller is fetching.
    func value() async throws(UpstreamFailure) -> Value {
        while true {
            switch state.withLock({ next(&$0, at: clock.now) }) {
            case .use(let value): return value
            case .fail(let failure): throw failure
            case .wait: await fetchInFlight()
            case .fetch:
                let outcome = await fetched()
                if let stale = state.withLock({ value(in: $0, within: lifetimes.stale, at: clock.now) }) { return stale }
                return try outcome.get()
            }
        }
    }

    /// A newer document than the one at hand, for a caller that missed something in that. Fetches at most once in
    /// `forcedInterval`; otherwise the same as `value()`.
    func refetched() async throws(UpstreamFailure) -> Value {
        let mayForce = state.withLock { state in
            let now = clock.now
            guard !state.isFetching, failure(in: state, at: now) == nil,
                !isWithin(lifetimes.forcedInterval, of: state.forcedAt, at: now)
            else { return false }
            state.forcedAt = now
            state.isFetching = true
            return true
        }
        guard mayForce else {
            await fetchInFlight()
            return try await value()
        }
        return try await fetched().get()
    }

    /// The document as it is now, for a caller that wants to know whether it can be had. Counts for nothing in what `refetched` may do.
    func fetchedAnew() async throws(UpstreamFailure) -> Value {
        while true {
            let isFirst = state.withLock { state in
                defer { state.isFetching = true }
                return !state.isFetching
            }
            if isFirst { return try await fetched().get() }
            await fetchInFlight()
        }
    }

    private func next(_ state: inout State, at now: UnixTime) -> Step {
        if let value = value(in: state, within: lifetimes.fresh, at: now) { return .use(value) }
        let stale = value(in: state, within: lifetimes.stale, at: now)
        if state.isFetching { return stale.map { .use($0) } ?? .wait }
        if let failure = failure(in: state, at: now) { return stale.map { .use($0) } ?? .fail(failure) }
        state.isFetching = true
        return .fetch
    }

    /// Fetches and tells those who wait. Only for a caller that has set `isFetching`.
    private func fetched() async -> Result<Value, UpstreamFailure> {
        let outcome: Result<Value, UpstreamFailure>
        do throws(UpstreamFailure) { outcome = .success(try await fetch()) } catch { outcome = .failure(error) }
        // A caller that went away says nothing about the provider: the next one tries at once.
        let wasCancelled = Task.isCancelled
        let waiting = state.withLock { state in
            switch outcome {
            case .success(let value): (state.held, state.failed) = ((value, clock.now), nil)
            case .failure(let failure): if !wasCancelled { state.failed = (failure, clock.now) }
            }
            state.isFetching = false
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
        return outcome
    }

    /// Returns when the fetch in flight has ended; at once where there is none.
    private func fetchInFlight() async {
        await withCheckedContinuation { continuation in
            let waits = state.withLock { state in
                if state.isFetching { state.waiting.append(continuation) }
                return state.isFetching
            }
            if !waits { continuation.resume() }
        }
    }

    private func value(in state: State, within seconds: Int64, at now: UnixTime) -> Value? {
        isWithin(seconds, of: state.held?.fetchedAt, at: now) ? state.held?.value : nil
    }

    private func failure(in state: State, at now: UnixTime) -> UpstreamFailure? {
        isWithin(lifetimes.backOff, of: state.failed?.at, at: now) ? state.failed?.failure : nil
    }

    /// A moment in the future is not within: after a jump of the clock a fetch is better than a long wait.
    private func isWithin(_ seconds: Int64, of moment: UnixTime?, at now: UnixTime) -> Bool {
        moment.map { (0..<seconds).contains(now.since($0)) } ?? false
    }
}
