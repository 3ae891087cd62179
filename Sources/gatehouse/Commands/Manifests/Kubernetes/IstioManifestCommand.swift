import ArgumentParser
import Manifests

/// `gatehouse manifests istio`: prints the objects that put Gatehouse into a cluster with Istio, or writes a file for each.
struct IstioManifestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "istio", abstract: "Write what puts Gatehouse into a cluster with Istio.",
        usage: "gatehouse manifests istio --config FILE [--out DIR]")

    @OptionGroup var cluster: KubernetesManifestOptions

    func run() throws {
        let workload = try cluster.workload(callers: [PodGroup(namespace: "istio-system")], sidecar: true)
        try cluster.write(workload.objects, notes: workload.notes)
    }
}
