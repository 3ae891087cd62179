import JOSE
import Settings

/// Whether the storage bears as many replicas as there are.
enum ReplicaCheck {
    @Sendable static func judge(_ cluster: Cluster) -> [Finding] {
        let name: String
        switch cluster.configuration.storage {
        case .sqlite: name = "sqlite"
        case .memory: name = "memory"
        case .postgres, .redis: return []
        }
        return cluster.objects(of: "Deployment").filter { isOurs($0) }.compactMap { deployment in
            guard let replicas = deployment.content.text("spec", "replicas").flatMap({ Int($0) }), replicas > 1 else {
                return nil
            }
            return .failure(
                deployment.subject,
                "it has \(replicas) replicas, and `storage` is `\(name)`: each has sessions, codes and keys of its own",
                mend: "use `postgres` or `redis`, or write `replicas: 1`")
        }
    }

    private static func isOurs(_ deployment: ClusterObject) -> Bool {
        deployment.content.list("spec", "template", "spec", "containers").contains { container in
            let image = container.text("image") ?? ""
            return image.contains("gatehouse") || container.texts("command").contains { $0.hasSuffix("gatehouse") }
        }
    }
}
