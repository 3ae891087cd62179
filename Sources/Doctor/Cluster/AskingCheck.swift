/// Whether the gateway asks at all.
enum AskingCheck {
    @Sendable static func judge(_ cluster: Cluster) -> [Finding] {
        let objects = cluster.askingPolicies + cluster.askingFilters.map(\.object)
        guard !objects.isEmpty else {
            return [
                .failure(
                    "gateway",
                    "no AuthorizationPolicy with action CUSTOM and no EnvoyFilter with ext_authz is there: nobody is asked",
                    mend: "add what `gatehouse manifests istio` writes")
            ]
        }
        let asked = objects.map { (object: $0, missed: cluster.missed(by: $0)) }
        let isGatewayAsked = asked.contains { $0.missed == nil }
        return asked.map { object, missed in
            guard let missed else { return .ok(object.subject, "it has requests asked about") }
            // One for other pods, beside ours, is nobody's fault.
            guard !isGatewayAsked else { return .ok(object.subject, "it has requests to other pods asked about") }
            return .warning(
                object.subject, "it has requests asked about, but \(missed): nobody may be asked there",
                mend: "correct its selector or namespace, or add the gateway and its Deployment to the files")
        }
    }
}
