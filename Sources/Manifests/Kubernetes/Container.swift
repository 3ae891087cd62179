import Settings

extension KubernetesWorkload {
    var container: YAMLValue {
        let program: YAMLValue = [
            "name": .string(Self.name), "image": .string(options.image), "imagePullPolicy": "IfNotPresent",
            "command": ["gatehouse"],
            "args": ["serve", "--config", .string(DeployedConfiguration.configurationFolder + "/gatehouse.yaml")],
        ]
        return program.adding(environment).adding([
            "ports": .list(ports.all.map { ["name": .string($0.name), "containerPort": .integer($0.number)] })
        ]).adding(probes).adding([
            "lifecycle": .noted(
                "Until every gateway knows that this pod goes away, it takes requests.", ["preStop": ["sleep": ["seconds": 5]]]),
            "resources": resources,
            "securityContext": [
                "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "capabilities": ["drop": ["ALL"]],
            ],
            "volumeMounts": .list(volumes.map(\.mount)),
        ])
    }

    private var environment: YAMLValue {
        guard !deployed.variables.isEmpty else { return [:] }
        return [
            "env": .list(
                deployed.variables.map { name in
                    [
                        "name": .string(name),
                        "valueFrom": ["secretKeyRef": ["name": .string(secretName), "key": .string(name)]],
                    ]
                })
        ]
    }

    /// A start may wait for the store (`storage.startTimeout`); what is there then is asked every few seconds.
    private var probes: YAMLValue {
        let attempts = Int(clamping: configuration.storageStartTimeout) / 2 + 30
        return [
            "startupProbe": probe("/livez", every: 2, failures: attempts),
            "readinessProbe": probe("/readyz", every: 5, failures: 3),
            "livenessProbe": probe("/livez", every: 10, failures: 3),
        ]
    }

    private func probe(_ path: String, every seconds: Int, failures: Int) -> YAMLValue {
        let scheme: YAMLValue = ports.admin.isSecured ? ["scheme": "HTTPS"] : [:]
        let place: YAMLValue = ["path": .string(path), "port": .string(ports.admin.name)]
        return [
            "httpGet": place.adding(scheme), "periodSeconds": .integer(seconds), "timeoutSeconds": 3,
            "failureThreshold": .integer(failures),
        ]
    }

    /// The memory for sessions can be used twice, while some are let go of; the rest is the process itself.
    private var resources: YAMLValue {
        let cache = (configuration.authService?.session.cache ?? 0) / (1 << 20)
        return [
            "requests": ["cpu": "100m", "memory": "128Mi"],
            "limits": ["cpu": "2", "memory": .string("\(min(cache, 1 << 20) * 2 + 256)Mi")],
        ]
    }
}
