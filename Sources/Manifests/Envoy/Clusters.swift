/// The names of the clusters in the written configuration.
enum ClusterName {
    static let web = "gatehouse_web"
    static let checkGRPC = "gatehouse_check_grpc"
    static let checkHTTP = "gatehouse_check_http"

    static func upstream(_ address: NetworkAddress) -> String {
        "upstream_\(address.authority)"
    }
}

extension EnvoyManifest {
    /// Gatehouse's listeners that are used, and each application once.
    var clusters: [YAMLValue] {
        let modes = Set(listeners.map(\.mode))
        var seen: Set<NetworkAddress> = []
        let applications = sortedUpstreams.map(\.address).filter { seen.insert($0).inserted }
        return [cluster(ClusterName.web, gatehouse.web, speaking: "http/1.1").adding(replicas)]
            + (modes.contains(.grpc) ? [checkGRPC] : [])
            + (modes.contains(.http) ? [checkHTTP] : [])
            + applications.map { cluster(ClusterName.upstream($0), GatehouseListener(.tcp($0)), speaking: "http/1.1") }
    }

    private var checkGRPC: YAMLValue {
        cluster(ClusterName.checkGRPC, gatehouse.checkGRPC, speaking: "h2").adding(replicas).adding(checkLimits)
            .adding(protocolOptions(["explicit_http_config": ["http2_protocol_options": [:]]]))
    }

    private var checkHTTP: YAMLValue {
        cluster(ClusterName.checkHTTP, gatehouse.checkHTTP, speaking: "http/1.1").adding(replicas).adding(checkLimits)
            .adding(
                protocolOptions([
                    "common_http_protocol_options": [
                        "idle_timeout": .noted("Envoy lets go of an idle connection before Gatehouse closes it.", "30s")
                    ],
                    "explicit_http_config": ["http_protocol_options": [:]],
                ]))
    }

    /// What cannot be reached is left out for a moment; where nothing can be, all are tried. What answers is left in, whatever it
    /// answers: a 503 of Gatehouse says that the store is away, which is so for all replicas unless one's clock is wrong.
    private var replicas: YAMLValue {
        [
            "outlier_detection": .noted(
                "Of several replicas, one that cannot be reached is not asked for some seconds.",
                [
                    "split_external_local_origin_errors": true, "consecutive_local_origin_failure": 1,
                    "enforcing_consecutive_local_origin_failure": 100, "enforcing_local_origin_success_rate": 0,
                    "enforcing_consecutive_5xx": 0, "enforcing_consecutive_gateway_failure": 0, "enforcing_success_rate": 0,
                    "interval": "1s", "base_ejection_time": "1s", "max_ejection_time": "5s", "max_ejection_percent": 100,
                ]),
            "common_lb_config": ["healthy_panic_threshold": ["value": 1]],
        ]
    }

    /// `envoy.config.core.v3.RetryPolicy` and `envoy.config.route.v3.RetryPolicy`: another replica gets what the first one has
    /// not got. What it may have got, a sign-in's code for one, is not sent twice. For a check, Envoy takes the longest interval
    /// as what one try may last, too, so it is as long as a check may take; two tries more come long before it.
    static let retryPolicy: YAMLValue = .noted(
        "Only what has not reached a replica is sent to another.",
        [
            "retry_on": "connect-failure,refused-stream,reset-before-request", "num_retries": 2,
            "retry_back_off": ["base_interval": "0.01s", "max_interval": "10s"],
        ])

    /// Every request needs a check: the default limits (1024) would refuse requests that the applications could take.
    private var checkLimits: YAMLValue {
        [
            "circuit_breakers": [
                "thresholds": [["max_connections": 10000, "max_pending_requests": 10000, "max_requests": 100_000]]
            ]
        ]
    }

    private func protocolOptions(_ options: YAMLValue) -> YAMLValue {
        let type = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"
        return ["typed_extension_protocol_options": .map([YAMLEntry(type, typed(type, options))])]
    }

    /// `envoy.config.cluster.v3.Cluster` with one endpoint.
    private func cluster(_ name: String, _ listener: GatehouseListener, speaking application: String) -> YAMLValue {
        let (address, isFixed): (YAMLValue, Bool) =
            switch listener.place {
            case .tcp(let address): (socket(address), address.isIPAddress)
            case .unix(let path): (["pipe": ["path": .string(path)]], true)
            }
        let cluster: YAMLValue = [
            "name": .string(name),
            "type": isFixed ? "STATIC" : "STRICT_DNS",
            "connect_timeout": "1s",
            "per_connection_buffer_limit_bytes": 32768,
            "load_assignment": [
                "cluster_name": .string(name),
                "endpoints": [["lb_endpoints": [["endpoint": ["address": address]]]]],
            ],
        ]
        return listener.tls.map { cluster.adding(["transport_socket": transport($0, speaking: application)]) } ?? cluster
    }
}
