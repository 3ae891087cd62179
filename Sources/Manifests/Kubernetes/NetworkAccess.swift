extension KubernetesWorkload {
    /// Who may connect: the gateways to the checks and the pages, Prometheus to the figures. Probes come from the node itself.
    var networkPolicy: KubernetesObject {
        let asked: YAMLValue = [
            "from": .list(callers.map(peer)), "ports": .list([ports.checkGRPC, ports.web, ports.checkHTTP].map(policyPort)),
        ]
        let scraped: YAMLValue = [
            "from": [peer(PodGroup(namespace: options.monitoringNamespace))], "ports": [policyPort(ports.admin)],
        ]
        return object(
            "NetworkPolicy", "networking.k8s.io/v1",
            [
                "spec": [
                    "podSelector": ["matchLabels": Self.selector.value], "policyTypes": ["Ingress"],
                    "ingress": .list([asked] + (options.serviceMonitor ? [scraped] : [])),
                ]
            ])
    }

    private var callers: [PodGroup] {
        options.callers.isEmpty ? [PodGroup(namespace: options.namespace)] : options.callers
    }

    private func peer(_ group: PodGroup) -> YAMLValue {
        let place: YAMLValue = [
            "namespaceSelector": ["matchLabels": ["kubernetes.io/metadata.name": .string(group.namespace)]]
        ]
        return place.adding(group.labels.isEmpty ? [:] : ["podSelector": ["matchLabels": group.labels.value]])
    }

    private func policyPort(_ port: ClusterPorts.Port) -> YAMLValue {
        ["port": .string(port.name), "protocol": "TCP"]
    }

    /// For the Prometheus operator, which takes those of its own release as a rule: see its `serviceMonitorSelector`.
    var serviceMonitor: KubernetesObject {
        let scheme: YAMLValue = ports.admin.isSecured ? ["scheme": "https"] : [:]
        let endpoint: YAMLValue = ["port": .string(ports.admin.name), "path": "/metrics", "interval": "30s"]
        return object(
            "ServiceMonitor", "monitoring.coreos.com/v1",
            ["spec": ["selector": ["matchLabels": Self.selector.value], "endpoints": [endpoint.adding(scheme)]]])
    }
}
