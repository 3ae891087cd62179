package import AuthService
import NIOCore

/// Gets the decision for one check: at once where there is one, or from the slow lane.
package struct CheckDispatcher: Sendable {
    private let authorizer: any Authorizing
    private let lane: SlowLane

    package init(authorizer: any Authorizing, lane: SlowLane) {
        self.authorizer = authorizer
        self.lane = lane
    }

    /// The decision, if it is there; else `reply` is made and called once, on `eventLoop`, later: never for work that the lane
    /// dropped at the end of the process.
    func decide(
        _ request: CheckRequest, on eventLoop: any EventLoop, later reply: () -> @Sendable (Decision) -> Void
    ) -> Decision? {
        switch authorizer.decide(request) {
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
        authorizer.refuse(UnreadableCheck(status: refusal.status, error: refusal.code, reason: refusal.rawValue))
    }

    /// Calls `reply` exactly once, on `eventLoop`: before this returns for a decision that is there, later for one that had to
    /// wait, never for work that the lane dropped at the end of the process (its connections are closed then).
    func run(_ request: CheckRequest, on eventLoop: any EventLoop, reply: @escaping @Sendable (Decision) -> Void) {
        if let decision = decide(request, on: eventLoop, later: { reply }) { reply(decision) }
    }
}
