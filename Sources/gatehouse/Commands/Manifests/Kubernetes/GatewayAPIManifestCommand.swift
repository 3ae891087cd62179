import ArgumentParser
import Manifests

/// `gatehouse manifests gateway-api`: Gatehouse and the routes to its own pages. What makes the gateway ask is somebody else's word.
struct GatewayAPIManifestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gateway-api", abstract: "Write what puts Gatehouse behind a Gateway, apart from what makes it ask.",
        usage:
            "gatehouse manifests gateway-api --config FILE --enforced-by istio|envoy-gateway [--gateway NAMESPACE/NAME] [--out DIR]"
    )

    @OptionGroup var cluster: KubernetesManifestOptions

    @OptionGroup var gateway: GatewayAPIOptions

    @Option(
        help: ArgumentHelp(
            "What makes the gateway ask: istio or envoy-gateway. Gateway API's standard channel has nothing that does.",
            valueName: "controller"))
    var enforcedBy: Enforcement

    enum Enforcement: String, ExpressibleByArgument, CaseIterable {
        case istio
        case envoyGateway = "envoy-gateway"

        /// Where its gateways' pods are; Istio's own fetch the keys.
        func pods(_ gateway: String) -> [String] {
            switch self {
            case .istio: gateway == "istio-system" ? [gateway] : [gateway, "istio-system"]
            case .envoyGateway: ["envoy-gateway-system"]
            }
        }
    }

    func validate() throws { try cluster.refuseNamespaces(gateway.takenNamespaces) }

    func run() throws {
        let placement = gateway.placement(in: cluster.namespace)
        let pods = enforcedBy.pods(placement.gateway.namespace)
        let workload = try cluster.workload(callers: gateway.callers(usual: pods))
        let manifest = try cluster.refusing { () throws(KubernetesProblem) in
            try GatewayAPIManifest(workload, placement: placement)
        }
        try cluster.write(
            workload.objects + manifest.objects,
            notes: workload.notes + [
                Self.open + enforcedBy.command(placement.gateway, beside: cluster.namespace) + " before any application's route"
            ])
    }

    /// Said each time: whoever stops here has a gateway that lets everybody in.
    private static let open = "nothing in these objects makes the Gateway ask Gatehouse: apply those of "
}

extension GatewayAPIManifestCommand.Enforcement {
    /// What writes the objects that make the gateway ask.
    fileprivate func command(_ gateway: GatewayAPIPlacement.Gateway, beside namespace: String) -> String {
        let isThere = gateway.namespace == namespace ? " --existing-namespace" : ""
        return switch self {
        case .istio: "`gatehouse manifests istio --gateway \(gateway.name) --ingress-namespace \(gateway.namespace)\(isThere)`"
        case .envoyGateway: "`gatehouse manifests envoy-gateway --gateway \(gateway.namespace)/\(gateway.name)`"
        }
    }
}
