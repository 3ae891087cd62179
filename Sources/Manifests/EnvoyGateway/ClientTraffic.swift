extension EnvoyGatewayManifest {
    /// What a request must be before any filter sees it: as for a plain Envoy.
    var clientTraffic: KubernetesObject {
        onGateway("ClientTrafficPolicy", pathRules.adding(["headers": headerRules]).adding(clientAddress).adding(limits))
    }

    private var pathRules: YAMLValue {
        [
            "path": .noted(
                "Gatehouse and the applications must see the same path: a slash or backslash in percent encoding is refused (400).",
                ["escapedSlashesAction": "RejectRequest", "disableMergeSlashes": false])
        ]
    }

    private var headerRules: YAMLValue {
        [
            "withUnderscoresAction": .noted(
                "Kubeflow_Userid reads as kubeflow-userid in many applications: such headers are dropped without a word.",
                "DropHeader"),
            "enableEnvoyHeaders": false,
            "requestID": "Generate",
            "maxRequestHeaderLimit": "60Ki",
            "xForwardedClientCert": ["mode": "Sanitize"],
            "earlyRequestHeaders": .noted(
                "Before anything else, what a client sent under the names of Gatehouse's own headers is removed.",
                ["remove": .strings(removedNames), "removeOnMatch": .list(removedPatterns)]),
        ]
    }

    private var removedNames: [String] {
        base.place.removals.compactMap { if case .name(let name) = $0 { name } else { nil } }
    }

    /// Beginnings, and other signs in place of the dashes.
    private var removedPatterns: [YAMLValue] {
        let beginnings: [YAMLValue] = base.place.removals.compactMap {
            if case .beginning(let beginning) = $0 { ["type": "Prefix", "value": .string(beginning)] } else { nil }
        }
        return beginnings + base.place.spellings.map { ["type": "RegularExpression", "value": .string($0)] }
    }

    private var clientAddress: YAMLValue {
        guard base.placement.trustedHops > 0 else { return [:] }
        return ["clientIPDetection": ["xForwardedFor": ["numTrustedHops": .integer(base.placement.trustedHops)]]]
    }

    private var limits: YAMLValue {
        [
            "timeout": [
                "http": [
                    "requestHeadersReceivedTimeout": .noted("A client that sends its headers byte by byte is cut off.", "10s"),
                    "idleTimeout": "3600s",
                ]
            ],
            "http2": ["maxConcurrentStreams": 100, "initialStreamWindowSize": "64Ki", "initialConnectionWindowSize": "1Mi"],
        ]
    }

    /// A policy beside the Gateway, for all of it.
    func onGateway(_ kind: String, _ content: YAMLValue) -> KubernetesObject {
        let gateway = base.placement.gateway
        let target: YAMLValue = [
            "targetRefs": [["group": "gateway.networking.k8s.io", "kind": "Gateway", "name": .string(gateway.name)]]
        ]
        return KubernetesObject(
            kind, "gateway.envoyproxy.io/v1alpha1", name: KubernetesWorkload.name, namespace: gateway.namespace,
            labels: KubernetesWorkload.labels, ["spec": target.adding(content)])
    }
}
