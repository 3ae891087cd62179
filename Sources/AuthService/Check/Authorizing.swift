/// What a check's dialect calls. Declared for its two implementations: the `Authorizer`, and the failing and fixed ones of tests.
package protocol Authorizing: Sendable {
    /// Decides at once where nothing has to be fetched (rules, cached sessions, anonymous requests): runs on the event loop, never blocks.
    /// Everything else comes back as work for the slow lane.
    func decide(_ request: CheckRequest) -> CheckOutcome

    /// Refuses a check that the dialect could not read as one request: with a reference, and a line in the audit log.
    func refuse(_ check: UnreadableCheck) -> Decision
}

/// Why a dialect has no request to decide on.
package struct UnreadableCheck: Sendable {
    /// 4xx.
    package let status: Int
    /// For programs, as `invalid_request`.
    package let error: String
    /// One sentence from our own code: shown and logged.
    package let reason: String

    package init(status: Int, error: String, reason: String) {
        self.status = status
        self.error = error
        self.reason = reason
    }
}

/// The outcome of a check: a decision, or work that leads to one.
package enum CheckOutcome: Sendable {
    case decided(Decision)
    /// Runs off the event loop, on the bounded slow lane; the work maps its own errors to refusals.
    case pending(@Sendable () async -> Decision)

    /// The decision, waited for where it has to be: for those who may wait.
    package var decision: Decision {
        get async {
            switch self {
            case .decided(let decision): decision
            case .pending(let work): await work()
            }
        }
    }
}
