import Settings

extension ConfigurationMove {
    /// The configuration with listeners that other pods reach: what is on loopback is put on every address.
    static func listening(_ configuration: YAMLValue, _ listen: ListenSettings, _ notes: inout [String]) -> YAMLValue {
        let listeners = [
            ("web", listen.web), ("checkHTTP", listen.checkHTTP), ("checkGRPC", listen.checkGRPC), ("admin", listen.admin),
        ]
        var section = configuration["listen"] ?? [:]
        for (name, listener) in listeners where listener.address.isLoopback {
            guard case .tcp(_, let port) = listener.address else { continue }
            let address = YAMLValue.string("0.0.0.0:\(port)")
            notes.append(
                "`listen.\(name)` is \(listener.address.text), which nobody else reaches in a cluster; there it is 0.0.0.0:\(port)"
            )
            // The long form has its TLS beside the address.
            section = section.setting(
                name, to: section[name]?["address"] == nil ? address : (section[name] ?? [:]).setting("address", to: address))
        }
        return configuration.setting("listen", to: section)
    }
}

/// The ports on which pods listen.
package struct ClusterPorts: Sendable {
    package let web: Port
    package let checkHTTP: Port
    package let checkGRPC: Port
    package let admin: Port

    package struct Port: Sendable {
        /// As the Service and the containers call it.
        package let name: String
        package let number: Int
        package let isSecured: Bool
    }

    init(_ listen: ListenSettings, hasSidecar: Bool) throws(KubernetesProblem) {
        web = try Self.port("web", "web", listen.web)
        checkHTTP = try Self.port("http", "checkHTTP", listen.checkHTTP)
        checkGRPC = try Self.port("grpc", "checkGRPC", listen.checkGRPC)
        admin = try Self.port("admin", "admin", listen.admin)
        guard listen.admin.tls?.demandsCertificates != true else {
            throw KubernetesProblem(
                "`listen.admin` wants client certificates, which a cluster's probes do not have", "remove its `clientCA`")
        }
        guard !hasSidecar || !all.contains(where: \.isSecured) else {
            throw KubernetesProblem(
                "`listen` has TLS, and so has the sidecar in front of it", "remove `tls`, or give --no-sidecar")
        }
    }

    /// In the order of the Service.
    var all: [Port] { [checkGRPC, web, checkHTTP, admin] }

    private static func port(_ name: String, _ key: String, _ listener: ListenerSettings) throws(KubernetesProblem) -> Port {
        switch listener.address {
        case .unix(let path):
            throw KubernetesProblem(
                "`listen.\(key)` is the Unix socket \(path), which no other pod reaches",
                "give it an address, such as 0.0.0.0:9000")
        case .tcp(_, 0): throw KubernetesProblem("`listen.\(key)` has port 0, which nobody can know", "give it a port")
        case .tcp(_, let port): return Port(name: name, number: port, isSecured: listener.tls != nil)
        }
    }
}
