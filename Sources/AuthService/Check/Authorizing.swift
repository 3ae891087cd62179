/// What a check's dialect calls. Declared for its two implementations: the `Authorizer`, and the failing and fixed ones of tests.
package protocol Authorizing: Sendable {
    /// Decides at once where nothing has to be fetched (rules, cached sessions, anonymous requests): runs on the event loop, never blocks.
    /// Everything else comes back as work for the slow lane.
    func decide(_ request: CheckRequest) -> CheckOutcome
}

/// The outcome of a check: a decision, or work that leads to one.
package enum CheckOutcome: Sendable {
    case decided(Decision)
    /// Runs off the event loop, on the bounded slow lane; the work maps its own errors to refusals.
    case pending(@Sendable () async -> Decision)
}
