import ArgumentParser
import Manifests

/// Which proxies let requests into a mesh.
struct IstioGatewayOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A Gateway of the Gateway API; its policies are attached to it by name.", valueName: "name"))
    var gateway: String?

    @Option(help: ArgumentHelp("Where the ingress gateway's pods live, and the Gateway of --gateway.", valueName: "name"))
    var ingressNamespace = "istio-system"

    @Option(
        help: ArgumentHelp(
            "What the ingress gateway's pods are labelled with; istio=ingressgateway when not given. Several are possible.",
            valueName: "name=value"),
        transform: { try parsedArgument($0, as: "name=value", KubernetesLabel.init(parsing:)) })
    var ingressLabel: [KubernetesLabel] = []

    @Option(
        help: ArgumentHelp(
            "The Gateway of networking.istio.io that routes are attached to; istio-system/ingressgateway when not given.",
            valueName: "namespace/name"))
    var istioGateway: String?

    @Option(
        name: .customLong("host"),
        help: ArgumentHelp(
            "Whose requests the route to Gatehouse's pages takes, * for any; the public hosts when not given. As the applications' routes have it: Istio hides those for * from a host with a route of its own. Several are possible.",
            valueName: "name"))
    var hosts: [String] = []

    func validate() throws {
        guard KubernetesName.isNamespace(ingressNamespace) else {
            throw ValidationError("--ingress-namespace takes small letters, digits and dashes")
        }
        guard gateway.map(KubernetesName.isName) ?? true else {
            throw ValidationError("--gateway takes small letters, digits, dots and dashes")
        }
        guard gateway == nil || ingressLabel.isEmpty && istioGateway == nil else {
            throw ValidationError("--gateway goes without --ingress-label and --istio-gateway")
        }
        guard hosts.allSatisfy({ $0 == "*" || KubernetesName.isName($0.hasPrefix("*.") ? String($0.dropFirst(2)) : $0) }) else {
            throw ValidationError("--host takes a host's name, one that begins with *., or *")
        }
        guard istioGateway.map(Self.isPlace) ?? true else {
            throw ValidationError("--istio-gateway takes namespace/name")
        }
    }

    private static func isPlace(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        return parts.count == 2 && KubernetesName.isNamespace(parts[0]) && KubernetesName.isName(parts[1])
    }

    var place: IngressGateway {
        if let gateway { return .gatewayAPI(name: gateway, namespace: ingressNamespace) }
        let labels = ingressLabel.isEmpty ? [KubernetesLabel("istio", "ingressgateway")] : ingressLabel
        return .istio(
            pods: PodGroup(namespace: ingressNamespace, labels: labels),
            gateway: istioGateway ?? Self.usualGateway)
    }

    private static let usualGateway = "istio-system/ingressgateway"

    var notes: [String] {
        guard gateway == nil, istioGateway == nil else { return [] }
        return ["the VirtualService names the Gateway \(Self.usualGateway); give --istio-gateway where yours is another"]
    }
}
