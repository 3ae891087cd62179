extension EnvoyManifest {
    /// Gatehouse's own paths first, then the applications, longest prefix first: the first match wins in Envoy.
    var routes: YAMLValue {
        [
            "name": "gatehouse",
            "virtual_hosts": [
                ["name": "all", "domains": ["*"], "routes": .list(ownRoutes + sortedUpstreams.map(route))]
            ],
        ]
    }

    /// Over gRPC the check answers these paths itself and the routes are not used; over HTTP an answer of 200 means "go
    /// on", so the pages come from the web listener. The check is asked about them all the same.
    private var ownRoutes: [YAMLValue] {
        ownPaths.map { path in
            let route: YAMLValue = [
                "match": ["path_separated_prefix": .string(path)],
                "route": ["cluster": .string(ClusterName.web), "timeout": "30s", "retry_policy": Self.retryPolicy],
            ]
            return route.adding(shownSecret)
        }
    }

    /// To the web listener, which asks for it as the check does.
    private var shownSecret: YAMLValue {
        guard let secret = gatehouse.proxySecret else { return [:] }
        return [
            "request_headers_to_add": [
                [
                    "header": ["key": .string(GatewayManifest.secretHeader), "value": .string(secret)],
                    "append_action": "OVERWRITE_IF_EXISTS_OR_ADD",
                ]
            ]
        ]
    }

    /// Everything that is Gatehouse's, without slashes at the ends.
    var ownPaths: [String] { [ownPath] + aliasPaths + [issuerPath].compactMap { $0 } }

    /// The upstreams by length of prefix, then by its bytes, so that the order in the configuration does not matter.
    var sortedUpstreams: [Upstream] {
        upstreams.sorted { first, second in
            let lengths = (first.prefix.utf8.count, second.prefix.utf8.count)
            return lengths.0 == lengths.1
                ? first.prefix.utf8.lexicographicallyPrecedes(second.prefix.utf8) : lengths.0 > lengths.1
        }
    }

    private func route(_ upstream: Upstream) -> YAMLValue {
        [
            "match": ["prefix": .string(upstream.prefix)],
            "route": [
                "cluster": .string(ClusterName.upstream(upstream.address)),
                "timeout": .noted("Streams and WebSockets last as long as they move; one that is silent for an hour ends.", "0s"),
                "idle_timeout": "3600s",
            ],
        ]
    }
}
