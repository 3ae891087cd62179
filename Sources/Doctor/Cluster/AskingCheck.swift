/// Whether the gateway asks at all.
enum AskingCheck {
    @Sendable static func judge(_ cluster: Cluster) -> [Finding] {
        let (mesh, policies) = (meshAsks(cluster), policiesAsk(cluster))
        let asked = mesh + policies
        guard !asked.isEmpty else {
            return [
                .failure(
                    "gateway",
                    "no AuthorizationPolicy with action CUSTOM, no EnvoyFilter with ext_authz and no SecurityPolicy with extAuth is"
                        + " there: nobody is asked",
                    mend: "add what `gatehouse manifests istio` or `gatehouse manifests envoy-gateway` writes")
            ]
        }
        let (inMesh, byPolicy) = (mesh.contains { $0.reach == .gateway }, policies.contains { $0.reach == .gateway })
        // In a mesh it is its own objects that ask.
        return asked.map { finding($0.object, $0.reach, inMesh || byPolicy) } + (byPolicy && !inMesh ? passedOver(cluster) : [])
    }

    /// Gateways of browsers that no policy is for, beside one that is asked about.
    private static func passedOver(_ cluster: Cluster) -> [Finding] {
        let targets = cluster.askingSecurityPolicies.flatMap { cluster.targets(of: $0.object) }.filter { $0.section == nil }
        return cluster.gatewaysOfBrowsers.filter { pods in
            !targets.contains { $0.kind == "Gateway" && $0.name == pods.gateway && $0.namespace == pods.namespace }
        }.map { pods in
            .warning(
                pods.text, "browsers may come through it as well, and no SecurityPolicy for the whole of it has anybody asked",
                mend: "name it in `targetRefs` of a policy in its namespace, too")
        }
    }

    private static func meshAsks(_ cluster: Cluster) -> [(object: ClusterObject, reach: PolicyReach)] {
        (cluster.askingPolicies + cluster.askingFilters.map(\.object)).map { object in
            (object, cluster.missed(by: object).map(PolicyReach.elsewhere) ?? .gateway)
        }
    }

    private static func policiesAsk(_ cluster: Cluster) -> [(object: ClusterObject, reach: PolicyReach)] {
        let gateways = cluster.gatewaysOfBrowsers
        return cluster.askingSecurityPolicies.flatMap { policy in
            let targets = cluster.targets(of: policy.object)
            guard !targets.isEmpty else { return [(policy.object, PolicyReach.nothing("whatever it selects"))] }
            return targets.map { (policy.object, cluster.reach(of: $0, gateways)) }
        }
    }

    private static func finding(_ object: ClusterObject, _ reach: PolicyReach, _ isGatewayAsked: Bool) -> Finding {
        switch reach {
        case .gateway: .ok(object.subject, "it has requests asked about")
        case .nothing(let target):
            .failure(
                object.subject, "\(target), which it is for, is not among the files: nobody is asked there",
                mend: "name the Gateway of browsers, which has to be in the policy's own namespace, or add it to the files")
        // One for others, beside ours, is nobody's fault.
        case .part(let part) where isGatewayAsked: .ok(object.subject, "it has requests to \(part) asked about")
        case .elsewhere where isGatewayAsked: .ok(object.subject, "it has requests to other pods asked about")
        case .part(let part):
            .warning(
                object.subject, "it has requests to \(part) asked about, and no others: whatever else is there needs no sign-in",
                mend: "name the whole Gateway in `targetRefs`")
        case .elsewhere(let missed):
            .warning(
                object.subject, "it has requests asked about, but \(missed): nobody may be asked there",
                mend: "correct its selector or namespace, or add the gateway and its Deployment to the files")
        }
    }
}
