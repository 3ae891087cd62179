/// What a check's dialect calls. Declared for its two implementations: the `Authorizer`, and the failing and fixed ones of tests.
package protocol Authorizing: Sendable {
    /// Decides at once where nothing has to be fetched (rules, cached sessions, anonymous requests): runs on the event loop, never blocks.
    /// Everything else comes back as work for the slow lane.
    func decide(_ request: CheckRequest) -> CheckOutcome

    /// Refuses a check that the dialect could not read as one request, or that is one too many (503): with a reference, and a
    /// line in the audit log.
    func refuse(_ check: UnreadableCheck) -> Decision
}

/// Why there is no request to decide on.
package struct UnreadableCheck: Sendable {
    /// 4xx, or 503.
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
    /// Looks a session up in the store, off the event loop; what comes of it may have to wait for more.
    case loading(@Sendable () async -> CheckOutcome)
    /// Runs off the event loop, on the bounded slow lane; the work maps its own errors to refusals. Apart from the lookups: a
    /// provider that hangs must not keep those waiting who are signed in.
    case pending(@Sendable () async -> Decision)

    /// The decision, waited for where it has to be: for those who may wait.
    package var decision: Decision {
        get async {
            switch self {
            case .decided(let decision): decision
            case .loading(let load): await load().decision
            case .pending(let work): await work()
            }
        }
    }
}
