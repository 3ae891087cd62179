package import Settings

/// Gatehouse in a cluster: everything that runs it, from the one configuration file. What stands in front of it (a gateway's
/// own objects) is added by others, who find here what they have to name.
package struct KubernetesWorkload: Sendable {
    package let configuration: Configuration
    package let options: KubernetesOptions
    package let ports: ClusterPorts
    let deployed: DeployedConfiguration

    /// - Parameter loaded: as it was read at its own place; the files that it names are read once more.
    package init(
        _ loaded: LoadedConfiguration, options: KubernetesOptions, sources: ConfigurationSources = .process
    ) throws(KubernetesProblem) {
        try StoreForReplicas.check(loaded.configuration.storage, options)
        configuration = loaded.configuration
        self.options = options
        ports = try ClusterPorts(configuration.listen, hasSidecar: options.sidecar)
        deployed = try DeployedConfiguration(loaded, options, sources: sources)
    }

    /// In the order in which a cluster wants them.
    package var objects: [KubernetesObject] {
        let account = (options.existingNamespace ? [] : [namespace]) + [serviceAccount] + accessReview
        let data = [configMap, secret, dataClaim].compactMap { $0 }
        let scaling = isSeveral ? [disruptionBudget] + [autoscaler].compactMap { $0 } : []
        return account + data + [deployment, service] + scaling + [networkPolicy]
            + (options.serviceMonitor ? [serviceMonitor] : [])
    }

    /// What whoever runs the command should know: each one sentence, without a full stop.
    package var notes: [String] { deployed.notes + [unlabelledNamespace, secretKeys].compactMap { $0 } }

    private var secretKeys: String? {
        guard let name = options.secret else { return nil }
        let keys = deployed.secrets.map(\.key).joined(separator: ", ")
        return "the Secret \(name) in \(options.namespace) has to have these keys: \(keys)"
    }

    private var unlabelledNamespace: String? {
        guard options.existingNamespace, options.sidecar else { return nil }
        return "the namespace \(options.namespace) has to have the label istio-injection=enabled, or the gateway is not heard"
    }

    /// What every object is called.
    package static let name = "gatehouse"

    /// Where other pods find the Service.
    package var host: String { "\(Self.name).\(options.namespace).svc.cluster.local" }

    /// What Gatehouse's pods have, and nobody else.
    package static let selector = [KubernetesLabel("app.kubernetes.io/name", name)]

    static let labels = selector + [KubernetesLabel("app.kubernetes.io/component", "authentication")]

    var isSeveral: Bool { options.replicas > 1 }

    func object(_ kind: String, _ apiVersion: String, _ content: YAMLValue) -> KubernetesObject {
        KubernetesObject(
            kind, apiVersion, name: Self.name, namespace: options.namespace, labels: Self.labels, content)
    }
}

/// Which stores several replicas can share.
enum StoreForReplicas {
    static func check(_ storage: StorageSettings, _ options: KubernetesOptions) throws(KubernetesProblem) {
        guard options.replicas > 1 || options.maximumReplicas > options.replicas else { return }
        let mend = "name a `postgres` or a `redis` that all of them share, or give --replicas 1"
        switch storage {
        case .sqlite:
            throw KubernetesProblem("`storage.sqlite` is a file of one process, and there are \(options.replicas) replicas", mend)
        case .memory:
            throw KubernetesProblem("`storage.memory` is each replica's own, and there are \(options.replicas) of them", mend)
        case .postgres, .redis: break
        }
    }
}

extension StorageSettings {
    /// Whether several replicas can use it together.
    package var isShared: Bool {
        switch self {
        case .postgres, .redis: true
        case .sqlite, .memory: false
        }
    }
}
