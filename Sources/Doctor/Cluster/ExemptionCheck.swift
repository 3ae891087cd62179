import JOSE
import Settings

/// Requests that a policy does not ask about: each is a way past the sign-in.
enum ExemptionCheck {
    @Sendable static func judge(_ cluster: Cluster) -> [Finding] {
        cluster.askingPolicies.flatMap { policy in
            let findings = holes(policy, cluster)
            return findings.isEmpty ? [.ok(policy.subject, "it exempts nothing")] : findings
        } + FilterExemptions.findings(cluster) + PolicyExemptions.findings(cluster)
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
        if rules.contains(where: \.takesEverything) { return [] }
        return rules.flatMap { paths($0, policy, cluster) + conditions($0, policy) + narrow($0, policy) }
            + HostExemptions.findings(rules, policy, cluster)
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
        let members = rule.list("to").flatMap { $0.at("operation")?.object?.members ?? [] }
        let names = members.filter { member in
            !["notPaths", "hosts"].contains(member.name) && !leavesNothingOut(member.name, member.value)
        }.map(\.name)
        let sources = rule.list("from").isEmpty ? [] : ["from"]
        return Set(names + sources).sorted().map { name in
            .failure(
                policy.subject, "it asks only where `\(name)` fits; all other requests pass unasked",
                mend: "remove `\(name)`, and write a rule into the configuration")
        }
    }

    /// Of paths, hosts, methods and ports.
    fileprivate static func leavesNothingOut(_ name: String, _ values: JSONValue) -> Bool {
        guard let values = values.array, !name.hasPrefix("not") else { return false }
        return values.isEmpty || values.contains { $0.string == "*" || name == "paths" && $0.string == "/*" }
    }
}

extension JSONValue {
    /// Whether a policy's rule is for every request.
    fileprivate var takesEverything: Bool {
        guard let members = object?.members else { return string == "" }
        let isNarrow = members.contains { $0.name != "to" && $0.value.array?.isEmpty != true }
        return !isNarrow && (list("to").isEmpty || list("to").contains(where: \.namesEverything))
    }

    /// Of an element of `to`.
    private var namesEverything: Bool {
        at("operation")?.object?.members.allSatisfy { ExemptionCheck.leavesNothingOut($0.name, $0.value) } ?? true
    }
}

extension String {
    fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}
