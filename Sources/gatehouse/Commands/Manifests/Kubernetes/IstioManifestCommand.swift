import ArgumentParser
import Manifests

/// `gatehouse manifests istio`: prints the objects that put Gatehouse into a cluster with Istio, or writes a file for each.
struct IstioManifestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "istio", abstract: "Write what puts Gatehouse into a cluster with Istio.",
        usage: "gatehouse manifests istio --config FILE [--mode MODE] [--insert HOW] [--gateway NAME] [--out DIR]")

    @OptionGroup var cluster: KubernetesManifestOptions

    @OptionGroup var mesh: IstioMeshOptions

    @OptionGroup var ingress: IstioGatewayOptions

    func validate() throws { try cluster.refuseNamespaces([ingress.ingressNamespace, mesh.meshNamespace]) }

    func run() throws {
        var options = mesh.options(at: ingress.place)
        options.hosts = ingress.hosts
        let workload = try cluster.workload(callers: IstioManifest.callers(options)) {
            $0.sidecar = mesh.sidecar
            $0.headersOfAssertion = mesh.mode == .token
        }
        let manifest = try cluster.refusing { [options] () throws(KubernetesProblem) in
            try IstioManifest(workload, options: options)
        }
        try cluster.write(
            manifest.objects, notes: manifest.notes + ingress.notes, more: [manifest.meshFragment].compactMap { $0 },
            comment: manifest.meshComment)
    }
}
