extension GatewayAPIManifest {
    /// What our pages' objects are called.
    static let routeName = KubernetesWorkload.name

    /// To our own pages and the provider's. There is none to the checks: whoever reached them could ask in a gateway's name.
    var pages: KubernetesObject {
        let hosts: YAMLValue = hostnames.isEmpty ? [:] : ["hostnames": .strings(hostnames)]
        let parent: YAMLValue = [
            "parentRefs": [["name": .string(placement.gateway.name), "namespace": .string(placement.gateway.namespace)]]
        ]
        return workload.object(
            "HTTPRoute", "gateway.networking.k8s.io/v1", ["spec": parent.adding(hosts).adding(["rules": [rule]])])
    }

    private var rule: YAMLValue {
        [
            "matches": .list(place.ownPaths.map { ["path": ["type": "PathPrefix", "value": .string($0)]] }),
            "backendRefs": [["name": .string(KubernetesWorkload.name), "port": .integer(workload.ports.web.number)]],
            "timeouts": ["request": "30s"],
        ]
    }

    /// How the gateway verifies Gatehouse's certificates; nil where it connects in clear text.
    var backendTLS: KubernetesObject? {
        guard let authority = placement.authority, !securedPorts.isEmpty else { return nil }
        return workload.object(
            "BackendTLSPolicy", "gateway.networking.k8s.io/v1",
            [
                "spec": [
                    "targetRefs": .list(
                        securedPorts.map { port in
                            [
                                "group": "", "kind": "Service", "name": .string(KubernetesWorkload.name),
                                "sectionName": .string(port.name),
                            ]
                        }),
                    "validation": .noted(
                        "Another Gatehouse than ours could let anybody in.",
                        [
                            "hostname": .string(workload.host),
                            "caCertificateRefs": [["group": "", "kind": "ConfigMap", "name": .string(authority)]],
                        ]),
                ]
            ])
    }
}
