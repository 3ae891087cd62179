import AuthService
import Instruments

/// Where each number of a `CheckTally` stands: decisions by source and outcome, a histogram for each gateway, bytes, and what is
/// remembered of the last check of each gateway that was timed.
struct CheckLayout {
    /// Rules that are counted apart; those behind them are counted together.
    private static let maximumRules = 1000
    private static let others = 4

    private let rules: Int
    /// Sources that are told apart.
    let sources: Int
    private let outcomes = CheckOutcomeLabel.allCases.count
    private let cells = DurationBounds.checks.cells
    private let histograms: Int
    private let bytes: Int
    private let samples: Int
    /// Of all numbers.
    let count: Int

    init(rules: Int) {
        let gateways = CheckGateway.allCases.count
        self.rules = min(max(0, rules), Self.maximumRules)
        sources = Self.others + self.rules + 1
        histograms = sources * outcomes
        bytes = histograms + gateways * cells
        samples = bytes + 4
        count = samples + gateways * CheckSample.cells
    }

    func decision(_ outcome: CheckOutcomeLabel, _ source: DecisionSource) -> Int {
        decision(outcome, place: place(source))
    }

    func decision(_ outcome: CheckOutcomeLabel, place: Int) -> Int { place * outcomes + outcome.rawValue }

    func histogram(_ gateway: CheckGateway) -> Int { histograms + gateway.rawValue * cells }

    /// Where in a histogram the sum is.
    var sum: Int { cells - 1 }

    func received(overGRPC: Bool) -> Int { overGRPC ? bytes : bytes + 1 }

    func sent(overGRPC: Bool) -> Int { overGRPC ? bytes + 2 : bytes + 3 }

    func sample(_ gateway: CheckGateway) -> CheckSample { CheckSample(start: samples + gateway.rawValue * CheckSample.cells) }

    private func place(_ source: DecisionSource) -> Int {
        switch source {
        case .none: 0
        case .ownEndpoints: 1
        case .provider: 2
        case .defaultRule: 3
        case .rule(let index): Self.others + min(max(0, index), rules)
        }
    }

    /// As logs and explanations name it.
    func label(place: Int) -> String {
        switch place {
        case 0: "none"
        case 1: "own endpoints"
        case 2: "provider"
        case 3: "default"
        case sources - 1: "rules[\(rules)…]"
        default: "rules[\(place - Self.others)]"
        }
    }
}

/// Where it stands what is remembered of the last check of a gateway that was timed.
struct CheckSample {
    static let cells = 3

    /// How many checks more it stands for.
    let left: Int
    /// The bucket that it fell into, and its nanoseconds.
    let bucket: Int
    let duration: Int

    init(start: Int) { (left, bucket, duration) = (start, start + 1, start + 2) }
}
