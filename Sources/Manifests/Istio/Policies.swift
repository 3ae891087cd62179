extension IstioManifest {
    /// Every request is asked about, also those of the sign-in and of the provider: nothing is left out that a crafted path or
    /// another header could look like.
    var checkPolicy: KubernetesObject {
        policy("gatehouse-check", ["action": "CUSTOM", "provider": ["name": .string(Self.providerName)], "rules": [[:]]])
    }

    /// What nothing gets past, should the check ever be left out: a policy that names no provider, a filter that was not inserted.
    var denyPolicies: [KubernetesObject] {
        [uncheckedPolicy, unverifiedPolicy].compactMap { $0 }
    }

    /// What every answer over HTTP sets, if only to nothing, and no client can: its own was taken away before, but for those
    /// that browsers and programs send for themselves.
    var headerOfAnswers: String? {
        place.headersOfIdentity.first { $0 != "authorization" && $0 != "cookie" }
    }

    /// Without Gatehouse's word, nothing goes on. Over gRPC every accept names its rule in the metadata.
    private var uncheckedPolicy: KubernetesObject? {
        let mark: String
        switch options.check {
        case .grpc: mark = "experimental.envoy.filters.http.ext_authz[rule]"
        case .http:
            guard let header = headerOfAnswers else { return nil }
            mark = "request.headers[\(header)]"
        }
        return policy(
            "gatehouse-require-check",
            ["action": "DENY", "rules": [["when": [["key": .string(mark), "notValues": ["*"]]]]]])
    }

    /// Of whom Gatehouse says who it is, the gateway has to have verified it. Pages that are open to anyone have no assertion.
    private var unverifiedPolicy: KubernetesObject? {
        guard options.mode == .token, let assertion = place.assertion else { return nil }
        let someone: YAMLValue = [
            "when": [["key": "experimental.envoy.filters.http.ext_authz[user]", "values": ["*"]]]
        ]
        let unverified: YAMLValue = [
            "from": [["source": ["notRequestPrincipals": [.string(assertion.issuer + "/*")]]]]
        ]
        return policy("gatehouse-require-assertion", ["action": "DENY", "rules": [unverified.adding(someone)]])
    }

    private func policy(_ name: String, _ spec: YAMLValue) -> KubernetesObject {
        atGateway("AuthorizationPolicy", "security.istio.io/v1", name, ["spec": options.gateway.policyTarget.adding(spec)])
    }
}
