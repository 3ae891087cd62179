/// What a decision comes from, for metrics.
package enum DecisionSource: Sendable, Equatable {
    /// Nothing of the configuration: the request could not be read, or there was too much to do.
    case none
    case ownEndpoints
    case provider
    /// No rule matched: a sign-in is needed.
    case defaultRule
    /// By its index in the file.
    case rule(Int)
}

extension CompiledRule {
    package var source: DecisionSource { index < 0 ? .defaultRule : .rule(index) }
}

extension Decision {
    package var source: DecisionSource {
        switch self {
        case .accept(let accepted): accepted.source
        case .reject(let rejection): rejection.source
        case .redirect(let redirection): redirection.source
        case .respond(let page): page.source
        }
    }

    /// An accept says by itself what it comes from: nothing is copied for it here.
    func from(_ source: DecisionSource) -> Decision {
        switch self {
        case .accept: return self
        case .reject(var rejection):
            rejection.source = source
            return .reject(rejection)
        case .redirect(var redirection):
            redirection.source = source
            return .redirect(redirection)
        case .respond(var page):
            page.source = source
            return .respond(page)
        }
    }
}

extension CheckOutcome {
    /// The outcome, with whatever decision it leads to coming from `source`.
    func from(_ source: DecisionSource) -> CheckOutcome {
        switch self {
        case .decided(.accept): self
        case .decided(let decision): .decided(decision.from(source))
        case .loading(let load): .loading { await load().from(source) }
        case .pending(let work): .pending { await work().from(source) }
        }
    }
}
