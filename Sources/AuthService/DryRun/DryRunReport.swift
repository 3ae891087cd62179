import JOSE
import Logging
import Synchronization
import Web

/// Says where other rules would decide otherwise: one log line for each pair of verdicts, at most once a minute, with the number of
/// requests since the last.
final class DryRunReport: Sendable {
    /// What became of a request, or would have.
    struct Verdict: Sendable, Hashable {
        /// `accept`, `redirect`, `respond`, or `reject` with its status.
        let outcome: String
        let rule: String

        init(_ decision: Decision, rule: String) {
            self.rule = rule
            switch decision {
            case .accept: outcome = "accept"
            case .redirect: outcome = "redirect"
            case .respond: outcome = "respond"
            case .reject(let rejection): outcome = "reject \(rejection.response.status)"
            }
        }
    }

    private struct Pair: Hashable {
        let now: Verdict
        let then: Verdict
    }

    private struct Count {
        var unsaid = 0
        var saidAt: UnixTime?
    }

    private let counts = Mutex<[Pair: Count]>([:])
    private let clock: WallClock
    private let logger: Logger

    /// Pairs that are told apart; further ones are not counted.
    private static let maximumPairs = 1000
    private static let interval: Int64 = 60

    init(clock: WallClock, logger: Logger) {
        self.clock = clock
        self.logger = logger
    }

    func note(_ request: CheckRequest, now: Verdict, then: Verdict) {
        guard now.outcome != then.outcome else { return }
        guard let requests = due(Pair(now: now, then: then)) else { return }
        let message = request.message
        guard case .success(let address) = request.address else { return }
        logger.notice(
            "dry run: the other rules would decide otherwise",
            metadata: [
                "now": "\(now.outcome)", "now_rule": "\(now.rule)", "then": "\(then.outcome)", "then_rule": "\(then.rule)",
                "requests": "\(requests)", "method": "\(message.text(message.method))", "host": "\(message.text(address.host))",
                "path": "\(message.text(address.path))",
            ])
    }

    /// How many requests to tell of; `nil`: later.
    private func due(_ pair: Pair) -> Int? {
        let now = clock.now
        return counts.withLock { counts in
            guard counts[pair] != nil || counts.count < Self.maximumPairs else { return nil }
            var count = counts[pair] ?? Count()
            count.unsaid += 1
            defer { counts[pair] = count }
            if let saidAt = count.saidAt, now.since(saidAt) < Self.interval { return nil }
            let requests = count.unsaid
            count = Count(unsaid: 0, saidAt: now)
            return requests
        }
    }
}
