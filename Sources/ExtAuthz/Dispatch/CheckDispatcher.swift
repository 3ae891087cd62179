package import AuthService
import NIOCore

/// Gets the decision for one check: at once where there is one, or from a slow lane.
package struct CheckDispatcher: Sendable {
    // Closures, not the protocol: the check calls them directly.
    private let decideNow: @Sendable (CheckRequest) -> CheckOutcome
    private let refuseUnreadable: @Sendable (UnreadableCheck) -> Decision
    private let loading: SlowLane
    private let lane: SlowLane
    private let patience: PendingCheck.Patience

    /// - Parameters:
    ///   - lane: where checks wait for whatever may take long.
    ///   - loading: where sessions are looked up; the same lane where nothing is said.
    package init(
        authorizer: some Authorizing, lane: SlowLane, loading: SlowLane? = nil, patience: PendingCheck.Patience = .init()
    ) {
        decideNow = { authorizer.decide($0) }
        refuseUnreadable = { authorizer.refuse($0) }
        self.lane = lane
        self.loading = loading ?? lane
        self.patience = patience
    }

    /// The decision, if it is there; else `reply` is made and called once, on `eventLoop`, later.
    func decide(
        _ request: CheckRequest, on eventLoop: any EventLoop, later reply: () -> @Sendable (Decision) -> Void
    ) -> Decision? {
        let outcome = decideNow(request)
        if case .decided(let decision) = outcome { return decision }
        let pending = PendingCheck(on: eventLoop, patience: patience, refusal: { refuse(.overloaded) }, reply: reply())
        guard follow(outcome, pending) else {
            pending.drop()
            return refuse(.overloaded)
        }
        return nil
    }

    /// Goes on until there is a decision. `false`: a lane is full.
    private func follow(_ outcome: CheckOutcome, _ pending: PendingCheck) -> Bool {
        switch outcome {
        case .decided(let decision):
            pending.answer(decision)
            return true
        case .loading(let load):
            pending.queue(working: patience.loading)
            return loading.submit {
                // Whoever has waited too long has an answer: a lane that was held up is soon free again.
                guard pending.begin() else { return }
                if !follow(await load(), pending) { pending.answer(refuse(.overloaded)) }
            }
        case .pending(let work):
            pending.queue(working: patience.working)
            return lane.submit {
                guard pending.begin() else { return }
                pending.answer(await work())
            }
        }
    }

    /// The answer to a message that is not one request, or that is one too many.
    func refuse(_ refusal: Refusal) -> Decision {
        refuseUnreadable(UnreadableCheck(status: refusal.status, error: refusal.code, reason: refusal.rawValue))
    }
}
