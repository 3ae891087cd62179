extension IstioManifest {
    /// Takes what only Gatehouse may say from a client's request, before any filter sees it. Without the mesh's configuration,
    /// it says what the gateway makes of paths, too.
    var headerFilter: KubernetesObject {
        let type = "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"
        let manager = place.typed(type, ["early_header_mutation_extensions": [place.earlyRemoval]])
        return filter(
            "gatehouse-headers",
            [
                "applyTo": "NETWORK_FILTER", "match": Self.match,
                "patch": [
                    "operation": "MERGE",
                    "value": [
                        "name": .string(Self.connectionManager),
                        "typed_config": options.insertion == .mesh ? manager : manager.adding(paths),
                    ],
                ],
            ])
    }

    /// The check itself, as the first of all filters: none that would have to be there already is named, so that it cannot be
    /// left out for want of that.
    var checkFilter: KubernetesObject {
        filter(
            "gatehouse-check",
            [
                "applyTo": "HTTP_FILTER", "match": Self.match,
                "patch": ["operation": "INSERT_FIRST", "value": check],
            ])
    }

    /// What DECODE_AND_MERGE_SLASHES comes to.
    private var paths: YAMLValue {
        [
            "normalize_path": true, "merge_slashes": true,
            "path_with_escaped_slashes_action": "UNESCAPE_AND_FORWARD",
        ]
    }

    /// With the cluster that Istio has for the Service: its endpoints, its mTLS and the DestinationRule.
    private var check: YAMLValue {
        switch options.check {
        case .grpc:
            place.check(.grpc).setting(
                ["typed_config", "grpc_service", "envoy_grpc"],
                to: [
                    "cluster_name": cluster(workload.ports.checkGRPC),
                    "authority": .noted(
                        "Without it this is the cluster's name, whose signs no host has: a sidecar would refuse it.",
                        .string(service)),
                ])
        case .http:
            place.check(.http).setting(
                ["typed_config", "http_service", "server_uri", "cluster"], to: cluster(workload.ports.checkHTTP))
        }
    }

    private func cluster(_ port: ClusterPorts.Port) -> YAMLValue {
        .string("outbound|\(port.number)||\(service)")
    }

    private static let connectionManager = "envoy.filters.network.http_connection_manager"

    private static let match: YAMLValue = [
        "context": "GATEWAY", "listener": ["filterChain": ["filter": ["name": .string(connectionManager)]]],
    ]

    private func filter(_ name: String, _ patch: YAMLValue) -> KubernetesObject {
        atGateway(
            "EnvoyFilter", "networking.istio.io/v1alpha3", name,
            ["spec": ["workloadSelector": ["labels": options.gateway.pods.labels.value], "configPatches": [patch]]])
    }
}
