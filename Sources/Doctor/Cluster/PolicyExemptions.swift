/// What Envoy Gateway's more specific policies leave out of the question: each takes the place of the Gateway's whole.
enum PolicyExemptions {
    static func findings(_ cluster: Cluster) -> [Finding] {
        let asking = cluster.askingSecurityPolicies
        let asked = asking.flatMap { cluster.targets(of: $0.object) }
        let gateways = cluster.gatewaysOfBrowsers
        let isGatewayAsked = asked.contains { cluster.reach(of: $0, gateways) == .gateway }
        let holes = cluster.securityPolicies.filter { isGatewayAsked && !$0.asks }.flatMap { policy in
            // Two for one target are a conflict: `OtherPolicyCheck`.
            cluster.targets(of: policy.object).filter { !asked.contains($0) }.compactMap { target in
                hole(target, policy, cluster.reach(of: target, gateways))
            }
        }
        return asking.map { .ok($0.subject, "it exempts nothing") } + holes
    }

    private static func hole(_ target: PolicyTarget, _ policy: SecurityPolicy, _ reach: PolicyReach) -> Finding? {
        guard case .part(let part) = reach else { return nil }
        let isRoute = target.kind.hasSuffix("Route")
        // Only with a route's can the Gateway's be merged.
        guard !(isRoute && policy.isMerged) else { return nil }
        return .failure(
            policy.subject,
            "it takes the place of the Gateway's policy for \(part), and has nobody asked: whatever is there needs no sign-in",
            mend: isRoute
                ? "write `mergeType: StrategicMerge` into it; what is to be open gets a rule with `allow: anyone` in the configuration"
                : "move what it says into the Gateway's policy, and delete it")
    }
}
