extension KubernetesWorkload {
    /// A volume of the pod and where the container finds it.
    struct Volume {
        let volume: YAMLValue
        let mount: YAMLValue

        init(_ name: String, at path: String, isWritable: Bool = false, _ source: YAMLValue) {
            let name: YAMLValue = ["name": .string(name)]
            volume = name.adding(source)
            mount = name.adding(["mountPath": .string(path)]).adding(isWritable ? [:] : ["readOnly": true])
        }
    }

    var volumes: [Volume] {
        [configurationVolume, secretVolume, temporary, data, clusterAccount].compactMap { $0 }
    }

    private var configurationVolume: Volume {
        Volume("config", at: DeployedConfiguration.configurationFolder, ["configMap": ["name": .string(Self.name)]])
    }

    private var secretVolume: Volume? {
        guard !deployed.secrets.isEmpty else { return nil }
        return Volume(
            "secrets", at: DeployedConfiguration.secretsFolder,
            [
                "secret": [
                    "secretName": .string(secretName),
                    "defaultMode": .noted("r--r-----: root's, and readable for our group.", 0o440),
                ]
            ])
    }

    private var temporary: Volume {
        Volume("tmp", at: "/tmp", isWritable: true, ["emptyDir": ["sizeLimit": "64Mi"]])
    }

    private var data: Volume? {
        guard dataClaim != nil else { return nil }
        return Volume(
            "data", at: DeployedConfiguration.dataFolder, isWritable: true,
            ["persistentVolumeClaim": ["claimName": .string(Self.name)]])
    }

    /// The token and the CA where pods usually have them, and only where the configuration names them.
    private var clusterAccount: Volume? {
        guard deployed.usesClusterAccount else { return nil }
        return Volume(
            "cluster-account", at: DeployedConfiguration.accountFolder,
            [
                "projected": [
                    "defaultMode": 0o440,
                    "sources": [
                        ["serviceAccountToken": ["path": "token", "expirationSeconds": 3600]],
                        ["configMap": ["name": "kube-root-ca.crt", "items": [["key": "ca.crt", "path": "ca.crt"]]]],
                    ],
                ]
            ])
    }
}
