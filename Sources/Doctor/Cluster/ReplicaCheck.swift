import JOSE
import Settings

/// Whether the storage bears as many replicas as there are, or as an autoscaler may make.
enum ReplicaCheck {
    @Sendable static func judge(_ cluster: Cluster) -> [Finding] {
        let storage: String
        switch cluster.configuration.storage {
        case .sqlite: storage = "sqlite"
        case .memory: storage = "memory"
        case .postgres, .redis: return []
        }
        return deployments(cluster, storage) + autoscalers(cluster, storage)
    }

    private static func deployments(_ cluster: Cluster, _ storage: String) -> [Finding] {
        cluster.objects(of: "Deployment").filter(isOurs).compactMap { deployment in
            guard let replicas = deployment.content.number("spec", "replicas"), replicas > 1 else { return nil }
            return .failure(
                deployment.subject, "it has \(replicas) replicas, and \(apart(storage))",
                mend: "use `postgres` or `redis`, or write `replicas: 1`")
        }
    }

    private static func autoscalers(_ cluster: Cluster, _ storage: String) -> [Finding] {
        cluster.objects(of: "HorizontalPodAutoscaler").filter { isOfOurs($0, cluster) }.compactMap { scaler in
            let limits = [scaler.content.number("spec", "minReplicas"), scaler.content.number("spec", "maxReplicas")]
            guard let most = limits.compactMap({ $0 }).max(), most > 1 else { return nil }
            return .failure(
                scaler.subject, "it may make \(most) replicas, and \(apart(storage))",
                mend: "use `postgres` or `redis`, or delete the HorizontalPodAutoscaler")
        }
    }

    private static func apart(_ storage: String) -> String {
        "`storage` is `\(storage)`: each has sessions, codes and keys of its own"
    }

    /// By what it scales; by the name of that where it is not among the files.
    private static func isOfOurs(_ scaler: ClusterObject, _ cluster: Cluster) -> Bool {
        guard let name = scaler.content.text("spec", "scaleTargetRef", "name") else { return false }
        let scaled = cluster.objects(of: scaler.content.text("spec", "scaleTargetRef", "kind") ?? "Deployment").first {
            $0.name == name && $0.namespace == scaler.namespace
        }
        return scaled.map(isOurs) ?? name.contains("gatehouse")
    }

    private static func isOurs(_ workload: ClusterObject) -> Bool {
        workload.content.list("spec", "template", "spec", "containers").contains { container in
            let image = container.text("image") ?? ""
            return image.contains("gatehouse") || container.texts("command").contains { $0.hasSuffix("gatehouse") }
        }
    }
}
