/// What the configuration file does not say about a cluster with Gateway API.
package struct GatewayAPIPlacement: Sendable {
    /// The namespace and the name of a Gateway.
    package struct Gateway: Sendable, Equatable {
        package var namespace: String
        package var name: String

        package init(namespace: String, name: String) {
            self.namespace = namespace
            self.name = name
        }

        /// `namespace/name`; nil for anything else.
        package init?(parsing text: String) {
            let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, KubernetesName.isNamespace(parts[0]), KubernetesName.isName(parts[1]) else { return nil }
            self.init(namespace: parts[0], name: parts[1])
        }
    }

    package var gateway: Gateway
    /// The class of the Gateway that is written; nil: it is there already.
    package var gatewayClass: String?
    /// The Secret with the Gateway's certificate, in its namespace.
    package var certificate: String
    /// Namespaces whose routes the Gateway takes, beside its own and Gatehouse's.
    package var routeNamespaces: [String] = []
    /// A ConfigMap in Gatehouse's namespace whose `ca.crt` has signed the certificates of Gatehouse's listeners.
    package var authority: String?
    /// How the gateway asks.
    package var check = EnvoyManifest.Mode.grpc
    package var trustedHops = 0

    package init(gateway: Gateway, gatewayClass: String? = nil, certificate: String = "gatehouse-tls") {
        self.gateway = gateway
        self.gatewayClass = gatewayClass
        self.certificate = certificate
    }
}
