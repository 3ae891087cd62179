import ArgumentParser
import Manifests

extension IdentityMode: ExpressibleByArgument {}
extension IstioOptions.Insertion: ExpressibleByArgument {}

/// How Gatehouse gets into a mesh.
struct IstioMeshOptions: ParsableArguments {
    @Option(help: "Who tells applications about the user: Gatehouse's answer, or the gateway from Gatehouse's assertion.")
    var mode = IdentityMode.header

    @Option(help: "How the gateway asks.")
    var check = EnvoyManifest.Mode.grpc

    @Option(help: "As an extension provider of the mesh, or as an EnvoyFilter where the mesh's configuration cannot be changed.")
    var insert = IstioOptions.Insertion.mesh

    @Flag(
        inversion: .prefixedNo, help: "Whether Istio puts a sidecar in front of Gatehouse: then what the gateway asks is mTLS.")
    var sidecar = true

    @Option(help: ArgumentHelp("Where istiod lives.", valueName: "name"))
    var meshNamespace = "istio-system"

    @OptionGroup var front: TrustedHops

    func validate() throws {
        guard KubernetesName.isNamespace(meshNamespace) else {
            throw ValidationError("--mesh-namespace takes small letters, digits and dashes")
        }
    }

    func options(at gateway: IngressGateway) -> IstioOptions {
        var options = IstioOptions()
        options.mode = mode
        options.check = check
        options.insertion = insert
        options.gateway = gateway
        options.meshNamespace = meshNamespace
        options.trustedHops = front.trustedHops
        return options
    }
}
