package import AuthService
import NIOCore

/// Gets the decision for one check: at once where there is one, or from the slow lane.
package struct CheckDispatcher: Sendable {
    // Closures, not the protocol: the check calls them directly.
    private let decideNow: @Sendable (CheckRequest) -> CheckOutcome
    private let refuseUnreadable: @Sendable (UnreadableCheck) -> Decision
    private let lane: SlowLane

    package init(authorizer: some Authorizing, lane: SlowLane) {
        decideNow = { authorizer.decide($0) }
        refuseUnreadable = { authorizer.refuse($0) }
        self.lane = lane
    }

    /// The decision, if it is there; else `reply` is made and called once, on `eventLoop`, later: never for work that the lane
    /// dropped at the end of the process.
    func decide(
        _ request: CheckRequest, on eventLoop: any EventLoop, later reply: () -> @Sendable (Decision) -> Void
    ) -> Decision? {
        switch decideNow(request) {
        case .decided(let decision): return decision
        case .pending(let work):
            let reply = reply()
            let accepted = lane.submit {
                let decision = await work()
                eventLoop.execute { reply(decision) }
            }
            return accepted ? nil : Refusal.overloaded.decision
        }
    }

    /// The answer to a message that is not one request.
    func refuse(_ refusal: Refusal) -> Decision {
        refuseUnreadable(UnreadableCheck(status: refusal.status, error: refusal.code, reason: refusal.rawValue))
    }
}
