import ArgumentParser
import Manifests

/// `gatehouse manifests envoy-gateway`: everything that puts Gatehouse behind a Gateway of Envoy Gateway.
struct EnvoyGatewayManifestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "envoy-gateway", abstract: "Write what puts Gatehouse in front of the routes of Envoy Gateway.",
        usage:
            "gatehouse manifests envoy-gateway --config FILE [--gateway NAMESPACE/NAME] [--mode MODE] [--check MODE] [--out DIR]")

    @OptionGroup var cluster: KubernetesManifestOptions

    @OptionGroup var gateway: GatewayAPIOptions

    @Option(
        help: ArgumentHelp(
            "Who sets the identity headers: header (Gatehouse's answer) or token (the gateway, from the verified assertion).",
            valueName: "mode"))
    var mode = IdentityMode.header

    func validate() throws { try cluster.refuseNamespaces(gateway.takenNamespaces) }

    func run() throws {
        let workload = try cluster.workload(callers: gateway.callers(usual: ["envoy-gateway-system"])) {
            $0.headersOfAssertion = mode == .token
        }
        let manifest = try cluster.refusing { () throws(KubernetesProblem) in
            try EnvoyGatewayManifest(
                GatewayAPIManifest(workload, placement: gateway.placement(in: cluster.namespace)), mode: mode)
        }
        try cluster.write(workload.objects + manifest.objects, notes: workload.notes + manifest.notes)
    }
}
