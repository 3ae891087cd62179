/// The mesh's configuration with Gatehouse in it.
package enum KubeflowMesh {
    /// As the distribution has it, apart from who is asked.
    package static let distribution: YAMLValue = [
        "accessLogFile": "/dev/stdout",
        "defaultConfig": [
            "discoveryAddress": "istiod.istio-system.svc:15012", "proxyMetadata": [:], "tracing": [:],
        ],
        "enablePrometheusMerge": true,
        "rootNamespace": "istio-system",
        "tcpKeepalive": ["interval": "5s", "probes": 3, "time": "10s"],
        "trustDomain": "cluster.local",
    ]

    /// `mesh` with what `ours` has: of its providers those stay that are neither oauth2-proxy nor have a name of ours.
    package static func adding(_ ours: YAMLValue, to mesh: YAMLValue) -> YAMLValue {
        let providers = ours["extensionProviders"]?.items ?? []
        let replaced = Set(["oauth2-proxy"] + providers.compactMap { $0["name"]?.text })
        let others = (mesh["extensionProviders"]?.items ?? []).filter { provider in
            provider["name"]?.text.map { !replaced.contains($0) } ?? true
        }
        let changed = ours.pairs.reduce(mesh) { $0.setting($1.key, to: $1.value) }
        return changed.setting("extensionProviders", to: .list(others + providers))
    }
}
