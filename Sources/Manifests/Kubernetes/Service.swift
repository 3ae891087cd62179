extension KubernetesWorkload {
    var service: KubernetesObject {
        object(
            "Service", "v1",
            ["spec": ["selector": Self.selector.value, "ports": .list(ports.all.map(servicePort))]])
    }

    /// The protocol inside TLS, where there is TLS: gateways need it to know what to speak.
    private func servicePort(_ port: ClusterPorts.Port) -> YAMLValue {
        [
            "name": .string(port.name), "port": .integer(port.number), "targetPort": .string(port.name), "protocol": "TCP",
            "appProtocol": port.number == ports.checkGRPC.number ? "grpc" : "http",
        ]
    }

    var disruptionBudget: KubernetesObject {
        object(
            "PodDisruptionBudget", "policy/v1",
            ["spec": ["maxUnavailable": 1, "selector": ["matchLabels": Self.selector.value]]])
    }

    /// nil where the number of replicas is fixed.
    var autoscaler: KubernetesObject? {
        guard isSeveral, options.maximumReplicas > options.replicas else { return nil }
        return object(
            "HorizontalPodAutoscaler", "autoscaling/v2",
            [
                "spec": [
                    "scaleTargetRef": ["apiVersion": "apps/v1", "kind": "Deployment", "name": .string(Self.name)],
                    "minReplicas": .integer(options.replicas), "maxReplicas": .integer(options.maximumReplicas),
                    "metrics": [
                        [
                            "type": "Resource",
                            "resource": [
                                "name": "cpu",
                                "target": [
                                    "type": "AverageValue", "averageValue": .noted("Of two that a pod may have.", "1400m"),
                                ],
                            ],
                        ]
                    ],
                ]
            ])
    }
}
