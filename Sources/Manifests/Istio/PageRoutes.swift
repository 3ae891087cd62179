extension IstioManifest {
    /// How browsers reach Gatehouse's own pages and the provider's: through the gateway, like everything.
    var routes: [KubernetesObject] {
        switch options.gateway {
        case .istio(_, let gateway): [virtualService(gateway)]
        case .gatewayAPI(let name, let namespace): [httpRoute(name, namespace), referenceGrant(namespace)]
        }
    }

    /// On a gateway for all hosts, Istio finds the routes of the most particular host only: ours for one host would hide those of
    /// applications for `*`.
    private var hosts: [String] { options.hosts.isEmpty ? place.hosts : options.hosts }

    /// The Gateway API has no word for all hosts but silence.
    private var hostnames: YAMLValue { hosts.contains("*") ? [:] : ["hostnames": .strings(hosts)] }

    private func virtualService(_ gateway: String) -> KubernetesObject {
        let matches = place.ownPaths.flatMap { path -> [YAMLValue] in
            [["uri": ["exact": .string(path)]], ["uri": ["prefix": .string(path + "/")]]]
        }
        return workload.object(
            "VirtualService", "networking.istio.io/v1",
            [
                "spec": [
                    "hosts": .strings(hosts), "gateways": [.string(gateway)],
                    "http": [
                        [
                            "name": "gatehouse", "match": .list(matches),
                            "route": [
                                [
                                    "destination": [
                                        "host": .string(service), "port": ["number": .integer(workload.ports.web.number)],
                                    ]
                                ]
                            ],
                            "timeout": "30s", "retries": retries,
                        ]
                    ],
                ]
            ])
    }

    /// Only what has not reached a replica is sent to another: a sign-in's code is good once.
    private var retries: YAMLValue {
        ["attempts": 2, "perTryTimeout": "30s", "retryOn": "connect-failure,refused-stream,reset-before-request"]
    }

    /// Beside the Gateway, which as a rule takes routes of its own namespace only.
    private func httpRoute(_ gateway: String, _ namespace: String) -> KubernetesObject {
        let matches = place.ownPaths.map { path -> YAMLValue in
            ["path": ["type": "PathPrefix", "value": .string(path)]]
        }
        return atGateway(
            "HTTPRoute", "gateway.networking.k8s.io/v1", KubernetesWorkload.name,
            [
                "spec": hostnames.adding([
                    "parentRefs": [["name": .string(gateway)]],
                    "rules": [
                        [
                            "matches": .list(matches), "timeouts": ["request": "30s"],
                            "backendRefs": [
                                [
                                    "name": .string(KubernetesWorkload.name), "namespace": .string(workload.options.namespace),
                                    "port": .integer(workload.ports.web.number),
                                ]
                            ],
                        ]
                    ],
                ])
            ])
    }

    private func referenceGrant(_ namespace: String) -> KubernetesObject {
        workload.object(
            "ReferenceGrant", "gateway.networking.k8s.io/v1beta1",
            [
                "spec": [
                    "from": [
                        ["group": "gateway.networking.k8s.io", "kind": "HTTPRoute", "namespace": .string(namespace)]
                    ],
                    "to": [["group": "", "kind": "Service", "name": .string(KubernetesWorkload.name)]],
                ]
            ])
    }
}
