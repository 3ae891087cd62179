extension KubernetesWorkload {
    var deployment: KubernetesObject {
        // Beside an autoscaler, each time that this is applied would undo what that has found.
        let replicas: YAMLValue = autoscaler == nil ? ["replicas": .integer(options.replicas)] : [:]
        return object(
            "Deployment", "apps/v1",
            [
                "spec": replicas.adding([
                    "revisionHistoryLimit": 5, "selector": ["matchLabels": Self.selector.value], "strategy": strategy,
                    "template": template,
                ])
            ])
    }

    /// A SQLite file has one process at a time.
    private var strategy: YAMLValue {
        dataClaim != nil
            ? ["type": "Recreate"]
            : ["type": "RollingUpdate", "rollingUpdate": ["maxSurge": 1, "maxUnavailable": 0]]
    }

    private var template: YAMLValue {
        [
            "metadata": ["annotations": annotations, "labels": Self.labels.value],
            "spec": podSettings.adding(account).adding([
                "topologySpreadConstraints": .list(["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map(spread)),
                "containers": [container],
                "volumes": .list(volumes.map(\.volume)),
            ]),
        ]
    }

    private var annotations: YAMLValue {
        let checksum: YAMLValue = [
            "checksum/config": .noted(
                "Of the configuration and its secrets: where they change, new pods take the place of the old ones.",
                .string(deployed.checksum))
        ]
        guard options.sidecar else { return checksum }
        return checksum.adding([
            "proxy.istio.io/config": .noted(
                "Before the sidecar runs, neither the store nor a provider could be reached; it ends after Gatehouse, which needs ten\nseconds.",
                "{\"holdApplicationUntilProxyStarts\":true,\"terminationDrainDuration\":\"15s\"}")
        ])
    }

    private var podSettings: YAMLValue {
        [
            "enableServiceLinks": false,
            "terminationGracePeriodSeconds": .noted(
                "Five seconds in which nobody sends more, and five in which what is there is finished.", 30),
            "securityContext": [
                "runAsNonRoot": true, "runAsUser": .integer(Self.user), "runAsGroup": .integer(Self.user),
                "fsGroup": .integer(Self.user), "seccompProfile": ["type": "RuntimeDefault"],
            ],
        ]
    }

    private static let user = 65532

    private var account: YAMLValue {
        ["serviceAccountName": .string(Self.name), "automountServiceAccountToken": false]
    }

    /// One machine or zone that fails takes as few replicas with it as can be.
    private func spread(_ key: String) -> YAMLValue {
        [
            "maxSkew": 1, "topologyKey": .string(key), "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": ["matchLabels": Self.selector.value],
        ]
    }
}
