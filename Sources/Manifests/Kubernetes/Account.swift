import Settings

extension KubernetesWorkload {
    var namespace: KubernetesObject {
        let rules: [KubernetesLabel] =
            options.sidecar
            ? [KubernetesLabel("istio-injection", "enabled")]
            : [
                KubernetesLabel("pod-security.kubernetes.io/enforce", "restricted"),
                KubernetesLabel("pod-security.kubernetes.io/enforce-version", "latest"),
            ]
        return KubernetesObject("Namespace", "v1", name: options.namespace, namespace: nil, labels: Self.labels + rules, [:])
    }

    var serviceAccount: KubernetesObject {
        object("ServiceAccount", "v1", ["automountServiceAccountToken": false])
    }

    /// What Kubernetes has for servers that ask it who somebody is and what they may do; only where the configuration asks.
    var accessReview: [KubernetesObject] {
        guard asksCluster else { return [] }
        return [
            KubernetesObject(
                "ClusterRoleBinding", "rbac.authorization.k8s.io/v1", name: "\(options.namespace)-\(Self.name)-auth-delegator",
                namespace: nil, labels: Self.labels,
                [
                    "roleRef": [
                        "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "system:auth-delegator",
                    ],
                    "subjects": [
                        ["kind": "ServiceAccount", "name": .string(Self.name), "namespace": .string(options.namespace)]
                    ],
                ])
        ]
    }

    private var asksCluster: Bool {
        guard let service = configuration.authService else { return false }
        return service.kubernetes != nil || service.bearer.contains(where: \.asksForTokenReviews)
    }
}

extension BearerSettings {
    fileprivate var asksForTokenReviews: Bool {
        switch inquiry {
        case .tokenReview: true
        case .introspection, .userinfo, nil: false
        }
    }
}
