import Settings

/// Gatehouse behind a Gateway of Gateway API: its own pages' routes. Nothing of it makes the gateway ask for a check, which
/// Gateway API's standard channel has no word for: that is for the objects of Istio or Envoy Gateway.
package struct GatewayAPIManifest: Sendable {
    let workload: KubernetesWorkload
    let placement: GatewayAPIPlacement
    /// The same place with a plain Envoy: what is removed from requests, which paths are ours.
    let place: EnvoyManifest

    package init(_ workload: KubernetesWorkload, placement: GatewayAPIPlacement) throws(KubernetesProblem) {
        guard workload.configuration.authService != nil else {
            throw KubernetesProblem("there is no `authService` for a gateway to ask", "add one")
        }
        guard workload.configuration.listen.proxySecret == nil else {
            throw KubernetesProblem(
                "`listen.proxySecret` would stand in routes, which everybody in the cluster may read",
                "remove it: the NetworkPolicy says who may ask")
        }
        self.workload = workload
        self.placement = placement
        place = try Self.place(workload, placement)
        guard !securedPorts.isEmpty, placement.authority == nil else { return }
        throw KubernetesProblem(
            "`listen` has TLS, and the gateway has to know who signs its certificates", "give --ca-configmap")
    }

    private static func place(
        _ workload: KubernetesWorkload, _ placement: GatewayAPIPlacement
    ) throws(KubernetesProblem) -> EnvoyManifest {
        let address = NetworkAddress(host: "0.0.0.0", port: 443)
        do throws(EnvoyManifestProblem) {
            return try EnvoyManifest(
                configuration: workload.configuration,
                placement: EnvoyPlacement(
                    listeners: [.init(mode: placement.check, address: address)], upstreams: [],
                    gatehouse: GatehousePlacement(host: workload.host, authority: placement.authority ?? ""),
                    trustedHops: placement.trustedHops))
        } catch {
            throw KubernetesProblem(error)
        }
    }

    /// The Gateway if it is to be written, the routes to our pages, and how to verify Gatehouse's certificates.
    package var objects: [KubernetesObject] { [gateway, pages, backendTLS].compactMap { $0 } }

    /// Those that the gateway connects to: pages, and the check.
    var ports: [ClusterPorts.Port] { [workload.ports.web, checkPort] }

    var checkPort: ClusterPorts.Port { placement.check == .grpc ? workload.ports.checkGRPC : workload.ports.checkHTTP }

    var securedPorts: [ClusterPorts.Port] { ports.filter(\.isSecured) }
}
