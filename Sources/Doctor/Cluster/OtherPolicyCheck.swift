import JOSE

/// What another sign-in has left behind: policies that decide beside ours.
enum OtherPolicyCheck {
    @Sendable static func judge(_ cluster: Cluster) -> [Finding] {
        severalProviders(cluster) + severalSecurityPolicies(cluster) + demandedTokens(cluster)
    }

    /// Istio asks one provider for a workload.
    private static func severalProviders(_ cluster: Cluster) -> [Finding] {
        let policies = cluster.askingPolicies
        return policies.enumerated().compactMap { index, policy in
            let other = policies[..<index].first { other in
                other.namespace == policy.namespace && other.selector == policy.selector
                    && other.content.text("spec", "provider", "name") != policy.content.text("spec", "provider", "name")
            }
            return other.map { other in
                .failure(
                    policy.subject, "\(other.subject) has another provider for the same gateway, and Istio asks one only",
                    mend: "delete the policy of the sign-in that was there before")
            }
        }
    }

    /// Of two for the same, Envoy Gateway takes the older one.
    private static func severalSecurityPolicies(_ cluster: Cluster) -> [Finding] {
        let all = cluster.securityPolicies
        return all.enumerated().filter(\.element.asks).flatMap { index, policy in
            all.enumerated().filter { place, other in
                // Of two that ask one is told of it.
                place != index && !policy.object.isOlder(than: other.object)
                    && (!other.asks || other.object.isOlder(than: policy.object) || place < index)
            }.flatMap { conflicts(policy, $0.element, cluster) }
        }
    }

    private static func conflicts(_ policy: SecurityPolicy, _ other: SecurityPolicy, _ cluster: Cluster) -> [Finding] {
        let targets = cluster.targets(of: policy.object)
        // Which of two that ask the same counts makes no difference.
        guard !other.asks || other.backends.map(\.host) != policy.backends.map(\.host) else { return [] }
        let outcome = other.asks ? "another is asked" : "nobody is asked"
        return cluster.targets(of: other.object).filter(targets.contains).map { target in
            Finding.failure(
                policy.subject,
                "\(other.subject) is for \(target.text), too, and of two Envoy Gateway takes the older one alone: \(outcome) where"
                    + " that is the other one",
                mend: "move what the other one says into this one, and delete it")
        }
    }

    /// A session brings no token: only the assertion, where it is verified, makes a principal of it.
    private static func demandedTokens(_ cluster: Cluster) -> [Finding] {
        guard cluster.asks else { return [] }
        let rules = cluster.objects(of: "RequestAuthentication").flatMap { $0.content.list("spec", "jwtRules") }
        let issuer = cluster.configuration.assertionIssuer
        guard issuer == nil || !rules.contains(where: { $0.text("issuer") == issuer }) else { return [] }
        let policies = cluster.objects(of: "AuthorizationPolicy").filter { policy in
            policy.content.text("spec", "action") == "DENY"
                && policy.content.list("spec", "rules").flatMap { $0.list("from") }
                    .contains { $0.texts("source", "notRequestPrincipals").contains("*") }
        }
        return policies.map { policy in
            .failure(
                policy.subject,
                "it denies whoever brings no token, and no RequestAuthentication verifies our assertion: everybody who has signed in"
                    + " gets 403",
                mend: "delete it, or write `identity: { assertion: … }` and add a RequestAuthentication for it")
        }
    }
}

extension ClusterObject {
    /// As the API server says; false where it does not.
    fileprivate func isOlder(than other: ClusterObject) -> Bool {
        guard let own = content.text("metadata", "creationTimestamp"),
            let others = other.content.text("metadata", "creationTimestamp")
        else { return false }
        return own < others
    }

    /// Which workloads it is for; `nil`: all of its namespace.
    fileprivate var selector: JSONValue? {
        content.at("spec", "selector", "matchLabels") ?? content.at("spec", "targetRefs") ?? content.at("spec", "targetRef")
    }
}
