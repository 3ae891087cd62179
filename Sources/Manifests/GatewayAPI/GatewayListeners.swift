import Settings

extension GatewayAPIManifest {
    /// A listener for each public host; nil where the Gateway is there already.
    var gateway: KubernetesObject? {
        guard let gatewayClass = placement.gatewayClass else { return nil }
        return KubernetesObject(
            "Gateway", "gateway.networking.k8s.io/v1", name: placement.gateway.name, namespace: placement.gateway.namespace,
            labels: KubernetesWorkload.labels,
            [
                "spec": [
                    "gatewayClassName": .string(gatewayClass),
                    "listeners": .list(entrances.enumerated().map { listener($0.element, number: $0.offset + 1) }),
                ]
            ])
    }

    /// Where browsers come in.
    private struct Entrance: Hashable {
        var isSecure: Bool
        var port: Int
        /// nil: whatever they ask for.
        var host: String?
    }

    private var entrances: [Entrance] {
        guard let service = workload.configuration.authService, let first = service.publicURLs.first else { return [] }
        var seen: Set<Entrance> = []
        let named = service.publicURLs.map { Entrance(isSecure: $0.isSecure, port: $0.effectivePort, host: hostname($0.host)) }
        let further = service.publicHosts.map {
            Entrance(isSecure: first.isSecure, port: first.effectivePort, host: hostname($0.text))
        }
        return (named + further).filter { seen.insert($0).inserted }
    }

    private func listener(_ entrance: Entrance, number: Int) -> YAMLValue {
        let base: YAMLValue = [
            "name": .string("\(entrance.isSecure ? "https" : "http")-\(number)"), "port": .integer(entrance.port),
            "protocol": entrance.isSecure ? "HTTPS" : "HTTP",
        ]
        let host: YAMLValue = entrance.host.map { ["hostname": .string($0)] } ?? [:]
        let tls: YAMLValue =
            entrance.isSecure
            ? ["tls": ["mode": "Terminate", "certificateRefs": [["name": .string(placement.certificate)]]]] : [:]
        return base.adding(host).adding(tls).adding(["allowedRoutes": allowedRoutes])
    }

    private var allowedRoutes: YAMLValue {
        var seen: Set<String> = []
        let namespaces = ([placement.gateway.namespace, workload.options.namespace] + placement.routeNamespaces)
            .filter { seen.insert($0).inserted }
        return [
            "kinds": .noted("What has no HTTP in it cannot be asked about.", [["kind": "HTTPRoute"], ["kind": "GRPCRoute"]]),
            "namespaces": [
                "from": "Selector",
                "selector": [
                    "matchExpressions": [
                        ["key": "kubernetes.io/metadata.name", "operator": "In", "values": .strings(namespaces)]
                    ]
                ],
            ],
        ]
    }

    /// The public hosts as routes name them; none where one of them is an address, which cannot be named there.
    var hostnames: [String] {
        let hosts = entrances.map(\.host)
        var seen: Set<String> = []
        return hosts.contains(nil) ? [] : hosts.compactMap { $0 }.filter { seen.insert($0).inserted }
    }

    private func hostname(_ host: String) -> String? {
        NetworkAddress(host: host, port: 1).isIPAddress ? nil : host
    }
}
