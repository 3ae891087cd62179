/// What neither the configuration file nor the workload says about the mesh and its ingress gateway.
package struct IstioOptions: Sendable {
    /// How the check gets into the gateway.
    package enum Insertion: String, Sendable, CaseIterable {
        /// As Istio has it: an extension provider of the mesh, and a policy that names it.
        case mesh
        /// For meshes whose configuration cannot be changed: the filter itself.
        case envoyfilter
    }

    package var mode = IdentityMode.header
    package var check = EnvoyManifest.Mode.grpc
    package var insertion = Insertion.mesh
    package var gateway = IngressGateway.istio()
    /// Where istiod lives.
    package var meshNamespace = "istio-system"
    /// Whose requests the route to our pages takes, `*` for everybody's; where none is named, the public hosts'.
    package var hosts: [String] = []
    /// Proxies in front of the gateway that are to be believed about the client.
    package var trustedHops = 0

    package init() {}
}

/// Which proxies let requests in, and what routes are attached to.
package enum IngressGateway: Sendable, Equatable {
    /// Pods, and the `Gateway` of networking.istio.io that they serve.
    case istio(pods: PodGroup, gateway: String)
    /// A `Gateway` of gateway.networking.k8s.io, for which Istio runs the pods.
    case gatewayAPI(name: String, namespace: String)

    package static func istio() -> IngressGateway {
        .istio(
            pods: PodGroup(namespace: "istio-system", labels: [KubernetesLabel("istio", "ingressgateway")]),
            gateway: "istio-system/ingressgateway")
    }

    package var pods: PodGroup {
        switch self {
        case .istio(let pods, _): pods
        case .gatewayAPI(let name, let namespace):
            PodGroup(namespace: namespace, labels: [KubernetesLabel("gateway.networking.k8s.io/gateway-name", name)])
        }
    }

    /// What a policy of Istio attaches to.
    var policyTarget: YAMLValue {
        switch self {
        case .istio(let pods, _): ["selector": ["matchLabels": pods.labels.value]]
        case .gatewayAPI(let name, _):
            ["targetRefs": [["group": "gateway.networking.k8s.io", "kind": "Gateway", "name": .string(name)]]]
        }
    }
}
