extension IstioManifest {
    /// Who may ask: the gateway, by the identity that the mesh knows it by. Gatehouse believes whoever asks about the client and
    /// the host, so another member of the mesh must not. Whoever the network lets through may have the assertion's keys and the
    /// figures, for which nobody needs to be in the mesh. In a mesh that denies what no policy allows, it is what lets them in.
    var access: KubernetesObject {
        let gateway: YAMLValue = [
            "from": [["source": ["namespaces": [.string(gatewayNamespace)]]]],
            "to": [operation(ports: [workload.ports.checkGRPC, workload.ports.web, workload.ports.checkHTTP])],
        ]
        let keys: YAMLValue = ["to": [operation(ports: [workload.ports.web], path: place.ownPath + "/jwks")]]
        let figures: YAMLValue = ["to": [operation(ports: [workload.ports.admin], path: "/metrics")]]
        let open = (options.mode == .token ? [keys] : []) + (workload.options.serviceMonitor ? [figures] : [])
        return workload.object(
            "AuthorizationPolicy", "security.istio.io/v1",
            [
                "spec": [
                    "action": "ALLOW", "selector": ["matchLabels": KubernetesWorkload.selector.value],
                    "rules": .list([gateway] + open),
                ]
            ])
    }

    private func operation(ports: [ClusterPorts.Port], path: String? = nil) -> YAMLValue {
        let ports: YAMLValue = ["ports": .strings(ports.map { String($0.number) })]
        return ["operation": ports.adding(path.map { ["paths": [.string($0)]] } ?? [:])]
    }
}
