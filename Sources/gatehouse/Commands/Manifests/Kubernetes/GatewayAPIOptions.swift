import ArgumentParser
import Manifests

/// Where the Gateway is, and how it asks: for every manifest with objects of Gateway API.
struct GatewayAPIOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The Gateway; gatehouse in Gatehouse's namespace when not given.", valueName: "namespace/name"),
        transform: { try parsedArgument($0, as: "namespace/name", GatewayAPIPlacement.Gateway.init(parsing:)) })
    var gateway: GatewayAPIPlacement.Gateway?

    @Option(
        help: ArgumentHelp(
            "Write the Gateway, too, of this class, with a listener for each public host. Without it, it is there already.",
            valueName: "name"))
    var gatewayClass: String?

    @Option(help: ArgumentHelp("The Secret with its certificate, in the Gateway's namespace.", valueName: "name"))
    var certificate = "gatehouse-tls"

    @Option(
        help: ArgumentHelp("A namespace whose routes the written Gateway takes. Several are possible.", valueName: "name"))
    var routesFrom: [String] = []

    @Option(
        help: ArgumentHelp(
            "For listeners with TLS: a ConfigMap in Gatehouse's namespace, whose ca.crt has signed its certificates.",
            valueName: "name"))
    var caConfigmap: String?

    @Option(help: ArgumentHelp("How the gateway asks.", valueName: "mode"))
    var check = EnvoyManifest.Mode.grpc

    @Option(
        help: ArgumentHelp(
            "A namespace with pods of the gateway, which are let through to Gatehouse. Several are possible.", valueName: "name"))
    var gatewayPods: [String] = []

    @OptionGroup var front: TrustedHops

    func validate() throws {
        for (option, names) in [("--routes-from", routesFrom), ("--gateway-pods", gatewayPods)] {
            guard names.allSatisfy(KubernetesName.isNamespace) else {
                throw ValidationError("\(option) takes small letters, digits and dashes")
            }
        }
        let named = [("--gateway-class", gatewayClass), ("--certificate", certificate), ("--ca-configmap", caConfigmap)]
        for (option, name) in named where !(name.map(KubernetesName.isName) ?? true) {
            throw ValidationError("\(option) takes small letters, digits, dots and dashes")
        }
    }

    /// - Parameter namespace: Gatehouse's.
    func placement(in namespace: String) -> GatewayAPIPlacement {
        var placement = GatewayAPIPlacement(
            gateway: gateway ?? .init(namespace: namespace, name: "gatehouse"), gatewayClass: gatewayClass,
            certificate: certificate)
        placement.routeNamespaces = routesFrom
        placement.authority = caConfigmap
        placement.check = check
        placement.trustedHops = front.trustedHops
        return placement
    }

    /// Where a controller lives, and a Gateway that is there already.
    var takenNamespaces: [String] {
        let named = gatewayClass == nil ? gateway.map { [$0.namespace] } ?? [] : []
        return ["envoy-gateway-system", "istio-system"] + named
    }

    /// - Parameter usual: where such a gateway's pods are unless somebody says otherwise.
    func callers(usual: [String]) -> [PodGroup] {
        (gatewayPods.isEmpty ? usual : gatewayPods).map { PodGroup(namespace: $0) }
    }
}
