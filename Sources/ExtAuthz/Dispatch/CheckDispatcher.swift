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

    /// Calls `reply` exactly once, on `eventLoop`: before this returns for a decision that is there, later for one that had to
    /// wait, never for work that the lane dropped at the end of the process (its connections are closed then).
    func run(_ request: CheckRequest, on eventLoop: any EventLoop, reply: @escaping @Sendable (Decision) -> Void) {
        switch authorizer.decide(request) {
        case .decided(let decision):
            reply(decision)
        case .pending(let work):
            let accepted = lane.submit {
                let decision = await work()
                eventLoop.execute { reply(decision) }
            }
            if !accepted { reply(Refusal.overloaded.decision) }
        }
    }

    /// The answer to a message that is not one request.
    func refuse(_ refusal: Refusal) -> Decision {
        authorizer.refuse(UnreadableCheck(status: refusal.status, error: refusal.code, reason: refusal.rawValue))
    }
}
