import ArgumentParser
import Importers
import Manifests
import Settings

/// `gatehouse manifests kubeflow`: writes a Kustomize overlay to a folder.
struct KubeflowManifestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kubeflow",
        abstract: "Write a Kustomize overlay that puts Gatehouse in place of Dex and oauth2-proxy in Kubeflow.",
        usage: "gatehouse manifests kubeflow --config FILE [--base PATH] [--mesh FILE] [--mode MODE] [--insert HOW] --out DIR")

    @OptionGroup var cluster: KubernetesManifestOptions

    @OptionGroup var istio: IstioMeshOptions

    @Option(
        help: ArgumentHelp(
            "The distribution's kustomization: a URL, or a path from the overlay's folder.", valueName: "path"))
    var base = "../manifests/example"

    @Option(
        help: ArgumentHelp(
            "Istio's configuration as the cluster has it: the ConfigMap `istio` of istio-system. Without it, it becomes the distribution's.",
            valueName: "file"))
    var mesh: String?

    func validate() throws {
        guard cluster.out != nil else { throw ValidationError("Several files are written: give --out DIR") }
        guard !base.isEmpty, !base.hasPrefix("/") else {
            throw ValidationError("--base is a URL, or a path from the overlay's folder: Kustomize takes no absolute one")
        }
        guard KubeflowOverlay.mayHold(namespace: cluster.namespace) else {
            throw ValidationError("--namespace \(cluster.namespace) is one that goes, or that others live in")
        }
    }

    func run() throws {
        let options = istio.options(at: KubeflowOverlay.gateway)
        let workload = try cluster.workload(callers: IstioManifest.callers(options)) {
            $0.sidecar = istio.sidecar
            $0.headersOfAssertion = options.mode == .token
        }
        let manifest = try cluster.refusing { () throws(KubernetesProblem) in
            try IstioManifest(workload, options: options)
        }
        let overlay = KubeflowOverlay(manifest, base: base, mesh: try meshInUse())
        overlay.notes.forEach { printError("\(cluster.config): note: \($0)") }
        for file in overlay.files { try ManifestOutput.write(file, to: cluster.out) }
    }

    /// The mesh's configuration before Gatehouse is in it.
    private func meshInUse() throws -> YAMLValue {
        guard let mesh else { return KubeflowMesh.distribution }
        do {
            return try MeshDocument.read(ConfigurationSources.process.file(mesh, 1 << 20).bytes)
        } catch let failure as ConfigurationSources.Failure {
            printError("\(mesh): cannot be read (\(failure.reason))")
        } catch let problem as ImportProblem {
            printError("\(mesh): \(problem.text)")
        }
        throw ExitStatus.failed
    }
}
