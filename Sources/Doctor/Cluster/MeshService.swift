import JOSE
import Settings

/// The Service that a gateway is told to ask: whether it is ours.
struct MeshService {
    private let cluster: Cluster
    private let subject: String
    private let host: String
    private let port: Int?
    private let dialect: MeshProvider.Dialect

    init(_ cluster: Cluster, _ subject: String, _ host: String, _ port: Int?, _ dialect: MeshProvider.Dialect) {
        self.cluster = cluster
        self.subject = subject
        self.host = host
        self.port = port
        self.dialect = dialect
    }

    /// None where all is well, or no Service is among the files.
    var findings: [Finding] {
        guard !cluster.objects(of: "Service").isEmpty else {
            return [
                .warning(
                    subject, "no Service is among the files, so whether \(host.quotedForeign) is ours cannot be told",
                    mend: "add `kubectl get service -A -o yaml`")
            ]
        }
        guard let service = cluster.services(at: host).first else {
            return [
                .failure(
                    subject, "its service \(host.quotedForeign) is not there",
                    mend: "name Gatehouse's Service: in a mesh, NAME.NAMESPACE.svc.cluster.local")
            ]
        }
        return ports(of: service)
    }

    private func ports(of service: ClusterObject) -> [Finding] {
        let ports = service.content.list("spec", "ports")
        guard let entry = ports.first(where: { $0.text("port").flatMap { Int($0) } == port }) else {
            let known = ports.compactMap { $0.text("port") }.joined(separator: ", ")
            return [
                .failure(
                    subject, "its port \(port.map(String.init) ?? "(none)") is none of \(service.subject) (\(known))",
                    mend: "write the port of the check over \(dialect == .grpc ? "gRPC" : "HTTP")")
            ]
        }
        guard let wanted = listener, let target = target(of: entry), target != wanted else { return [] }
        return [
            .failure(
                subject,
                "its port leads to \(target), and the check over \(dialect == .grpc ? "gRPC" : "HTTP") listens on \(wanted)",
                mend: "write the port that leads there, or correct `targetPort` of \(service.subject)")
        ]
    }

    private var listener: Int? {
        let listen = cluster.configuration.listen
        let address = dialect == .grpc ? listen.checkGRPC.address : listen.checkHTTP.address
        if case .tcp(_, let port) = address { return port }
        return nil
    }

    /// `nil` where it is a name that no container of the files has.
    private func target(of entry: JSONValue) -> Int? {
        guard let target = entry.text("targetPort") else { return entry.text("port").flatMap { Int($0) } }
        if let number = Int(target) { return number }
        let containers = (cluster.objects(of: "Deployment") + cluster.objects(of: "StatefulSet"))
            .flatMap { $0.content.list("spec", "template", "spec", "containers") }
        return containers.flatMap { $0.list("ports") }.first { $0.text("name") == target }?.text("containerPort").flatMap {
            Int($0)
        }
    }
}
