import Accounts
import JOSE
package import Logging
import Web

/// Decides by the rules in force, and finds out afterwards, on a slow lane of its own, what other rules would have said. Where the lane
/// is full, a request is not compared: nobody ever waits for it.
package struct DryRunAuthorizer: Authorizing {
    private let inForce: Authorizer
    private let tried: Authorizer
    private let lane: SlowLane
    private let report: DryRunReport

    /// - Parameters:
    ///   - rules: that are tried.
    ///   - lane: of this use alone.
    package init(_ authorizer: Authorizer, trying rules: RuleSet, lane: SlowLane, logger: Logger) {
        inForce = authorizer
        tried = authorizer.trying(rules)
        self.lane = lane
        report = DryRunReport(clock: .system, logger: logger)
    }

    package func decide(_ request: CheckRequest) -> CheckOutcome { comparing(inForce.decide(request), request) }

    private func comparing(_ outcome: CheckOutcome, _ request: CheckRequest) -> CheckOutcome {
        switch outcome {
        case .decided(let decision):
            compare(request, decision)
            return outcome
        case .loading(let load): return .loading { comparing(await load(), request) }
        case .pending(let work):
            return .pending {
                let decision = await work()
                compare(request, decision)
                return decision
            }
        }
    }

    package func refuse(_ check: UnreadableCheck) -> Decision { inForce.refuse(check) }

    private func compare(_ request: CheckRequest, _ decision: Decision) {
        guard let rule = inForce.rule(for: request) else { return }
        _ = lane.submit { [tried, report] in
            guard let other = tried.rule(for: request) else { return }
            let now = DryRunReport.Verdict(decision, rule: rule)
            let then = DryRunReport.Verdict(await tried.decide(request).decision, rule: other)
            report.note(request, now: now, then: then)
        }
    }
}

extension Authorizer {
    /// The same with other rules, and with no word to the audit log.
    func trying(_ rules: RuleSet) -> Authorizer {
        var parts = parts
        parts.rules = rules
        parts.audit = AuditLog(logger: Logger(label: "dry run") { _ in SwiftLogNoOpLogHandler() })
        return Authorizer(parts)
    }

    /// The name of the rule that decides. `nil` where none is asked: then nothing about it can change.
    func rule(for request: CheckRequest) -> String? {
        guard case .success(let address) = request.address else { return nil }
        let bytes = request.message.bytes.span
        let path = bytes.extracting(address.path.range)
        guard OwnEndpoint(path: path, below: Array(parts.ownPath.utf8), aliases: parts.aliases) == nil,
            !(parts.providerPath?.contains(host: bytes.extracting(address.host.range), path: path) ?? false)
        else { return nil }
        return parts.rules.match(request, at: address)?.name ?? "none: the path can be read in two ways"
    }
}
