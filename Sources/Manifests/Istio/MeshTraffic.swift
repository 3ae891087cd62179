import Settings

extension IstioManifest {
    /// As a plain Envoy has it: of several replicas, one that cannot be reached is not asked for some seconds; one that answers
    /// is left in, whatever it answers.
    var destinationRule: KubernetesObject {
        let policy: YAMLValue = [
            "connectionPool": .noted(
                "Every request needs a check: the usual limits would refuse requests that the applications could take.",
                [
                    "tcp": ["maxConnections": 10000, "connectTimeout": "1s"],
                    "http": ["http1MaxPendingRequests": 10000, "http2MaxRequests": 100_000, "idleTimeout": "30s"],
                ]),
            "outlierDetection": [
                "splitExternalLocalOriginErrors": true, "consecutiveLocalOriginFailures": 1, "consecutive5xxErrors": 0,
                "consecutiveGatewayErrors": 0, "interval": "1s", "baseEjectionTime": "1s", "maxEjectionPercent": 100,
                "minHealthPercent": 0,
            ],
        ]
        return workload.object(
            "DestinationRule", "networking.istio.io/v1",
            ["spec": ["host": .string(service), "trafficPolicy": policy.adding(ports(policy))]])
    }

    /// Where Gatehouse speaks TLS itself. Elsewhere Istio uses mTLS by itself, as soon as there is a sidecar. A port with settings
    /// of its own has none of the others: they are said again.
    private func ports(_ policy: YAMLValue) -> YAMLValue {
        let listen = workload.configuration.listen
        let secured = [
            (workload.ports.checkGRPC, listen.checkGRPC), (workload.ports.web, listen.web),
            (workload.ports.checkHTTP, listen.checkHTTP),
        ].compactMap { port, listener in
            listener.tls.map { settings(port, demandsCertificates: $0.clientCA != nil).adding(policy) }
        }
        return secured.isEmpty ? [:] : ["portLevelSettings": .list(secured)]
    }

    /// The Secret stands beside the gateway: `ca.crt`, and where Gatehouse wants a certificate `tls.crt` and `tls.key`.
    private func settings(_ port: ClusterPorts.Port, demandsCertificates: Bool) -> YAMLValue {
        [
            "port": ["number": .integer(port.number)],
            "tls": [
                "mode": demandsCertificates ? "MUTUAL" : "SIMPLE", "credentialName": "gatehouse-gateway",
                "sni": .string(service), "subjectAltNames": [.string(service)],
            ],
        ]
    }

    /// Whoever asks has to be in the mesh. Figures are for Prometheus, and the assertion's keys, which are public, for istiod:
    /// neither need be in it.
    var peerAuthentication: KubernetesObject {
        let admin = port(workload.ports.admin)
        let open = options.mode == .token ? [admin, port(workload.ports.web)] : [admin]
        return workload.object(
            "PeerAuthentication", "security.istio.io/v1",
            [
                "spec": [
                    "selector": ["matchLabels": KubernetesWorkload.selector.value], "mtls": ["mode": "STRICT"],
                    "portLevelMtls": .map(open),
                ]
            ])
    }

    private func port(_ port: ClusterPorts.Port) -> YAMLEntry {
        YAMLEntry(String(port.number), ["mode": "PERMISSIVE"])
    }
}
