import JOSE
import Settings

/// Requests that a policy does not ask about: each is a way past the sign-in.
enum ExemptionCheck {
    @Sendable static func judge(_ cluster: Cluster) -> [Finding] {
        cluster.askingPolicies.flatMap { policy in
            let findings = holes(policy, cluster)
            return findings.isEmpty ? [.ok(policy.subject, "it exempts nothing")] : findings
        }
    }

    private static func holes(_ policy: ClusterObject, _ cluster: Cluster) -> [Finding] {
        let rules = policy.content.list("spec", "rules")
        guard !rules.isEmpty else {
            return [
                .failure(
                    policy.subject, "it has no rule, and so has nothing asked about", mend: "write `rules: [{}]`: every request")
            ]
        }
        // One rule that takes everything is enough.
        if rules.contains(where: { $0.object?.members.isEmpty ?? ($0.string == "") }) { return [] }
        return rules.flatMap { paths($0, policy, cluster) + conditions($0, policy) + narrow($0, policy) }
    }

    private static func paths(_ rule: JSONValue, _ policy: ClusterObject, _ cluster: Cluster) -> [Finding] {
        let exempted = rule.list("to").flatMap { $0.texts("operation", "notPaths") }
        return exempted.map { path in
            let isProviders = providerPath(cluster).map { path == $0 || path.hasPrefix($0 + "/") } ?? false
            let whose = isProviders ? "the provider's path" : "the path"
            return .failure(
                policy.subject,
                "it exempts \(whose) \(path.quotedForeign): whatever is reached under it, also by `..%2f` or `//`, needs no sign-in",
                mend: isProviders
                    ? "remove it from `notPaths`: Gatehouse lets its provider's own pages pass by itself"
                    : "remove it from `notPaths`, and write a rule with `allow: anyone` into the configuration")
        }
    }

    private static func providerPath(_ cluster: Cluster) -> String? {
        cluster.configuration.provider?.issuer.path.nonEmpty
    }

    private static func conditions(_ rule: JSONValue, _ policy: ClusterObject) -> [Finding] {
        rule.list("when").compactMap { condition in
            guard let key = condition.text("key") else { return nil }
            if key.lowercased().contains("[authorization]"), condition.at("notValues") != nil {
                return .failure(
                    policy.subject,
                    "it asks only about requests without an Authorization header: any such header, even a made-up one, passes",
                    mend: "remove that `when`: Gatehouse verifies bearer tokens itself (`authService.bearer`)")
            }
            return .failure(
                policy.subject, "it asks only where \(key.quotedForeign) fits; all other requests pass unasked",
                mend: "remove that `when`, and write a rule into the configuration")
        }
    }

    /// What it names is all that it asks about.
    private static func narrow(_ rule: JSONValue, _ policy: ClusterObject) -> [Finding] {
        let operations = rule.list("to").compactMap { $0.at("operation")?.object }
        let names = operations.flatMap { $0.members.map(\.name) }.filter { $0 != "notPaths" }
        let sources = rule.list("from").isEmpty ? [] : ["from"]
        return Set(names + sources).sorted().map { name in
            name == "hosts"
                ? .ok(policy.subject, "it asks about the hosts that it names only")
                : .failure(
                    policy.subject, "it asks only where `\(name)` fits; all other requests pass unasked",
                    mend: "remove `\(name)`, and write a rule into the configuration")
        }
    }
}

extension String {
    fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}
