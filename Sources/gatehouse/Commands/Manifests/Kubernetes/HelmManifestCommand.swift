import ArgumentParser
import Manifests
import Settings

/// `gatehouse manifests helm`: writes a Helm chart for one configuration.
struct HelmManifestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "helm", abstract: "Write a Helm chart for a configuration.",
        usage: "gatehouse manifests helm --config FILE [--check MODE] [--mode MODE] [--insert HOW] --out DIR")

    @Option(help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String

    @Option(help: ArgumentHelp("The container image.", valueName: "name"))
    var image = "gatehouse:\(VersionCommand.number)"

    @OptionGroup var gateway: GatewayAPIOptions

    @Option(
        help: ArgumentHelp(
            "Who sets the identity headers: header (Gatehouse's answer) or token (the gateway, from the verified assertion).",
            valueName: "mode"))
    var mode = IdentityMode.header

    @Option(
        help:
            "In Istio: as an extension provider of the mesh, or as an EnvoyFilter where the mesh's configuration cannot be changed."
    )
    var insert = IstioOptions.Insertion.mesh

    @Flag(
        inversion: .prefixedNo,
        help: "Whether Istio, where it asks, puts a sidecar in front of Gatehouse: then what the gateway asks is mTLS.")
    var sidecar = true

    @Option(help: ArgumentHelp("The chart's folder.", valueName: "dir"))
    var out: String

    func validate() throws {
        guard gateway.gatewayPods.count <= 1 else { throw ValidationError("a chart has one value for --gateway-pods") }
    }

    func run() throws {
        let sources = ConfigurationSources.withStandIns
        let loaded = try reportingProblems { () throws(ConfigurationErrors) in
            try Configuration.load(path: config, sources: sources)
        }
        let chart: HelmChart
        do throws(KubernetesProblem) {
            chart = try HelmChart(
                loaded, defaults: defaults(loaded.configuration.storage), placement: gateway.placement(in: ""), mode: mode,
                mesh: mesh, sidecar: sidecar, sources: sources)
        } catch {
            printError("\(config): \(error)")
            throw ExitStatus.configuration
        }
        chart.notes.forEach { printError("\(config): note: \($0)") }
        for file in chart.files.chart { try ManifestOutput.write(file, to: out) }
        for file in chart.files.templates { try ManifestOutput.write(file, to: out + "/templates") }
    }

    private var mesh: IstioOptions {
        var options = IstioOptions()
        options.mode = mode
        options.check = gateway.check
        options.insertion = insert
        options.trustedHops = gateway.front.trustedHops
        return options
    }

    /// A store that replicas cannot share has one.
    private func defaults(_ storage: StorageSettings) -> HelmDefaults {
        HelmDefaults(
            version: VersionCommand.number, image: image, replicas: storage.isShared ? 2 : 1,
            maximumReplicas: storage.isShared ? 6 : 1,
            gateway: gateway.gateway, gatewayClass: gateway.gatewayClass, certificate: gateway.certificate,
            gatewayPods: gateway.gatewayPods.first ?? "envoy-gateway-system")
    }
}
