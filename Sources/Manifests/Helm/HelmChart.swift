package import Settings

/// A Helm chart for one configuration: its templates are the objects that the other commands write, with what may differ from
/// one release to the next left open.
package struct HelmChart: Sendable {
    let plain: KubernetesWorkload
    let monitored: KubernetesWorkload
    let gateway: EnvoyGatewayManifest
    /// nil where this configuration cannot be in a mesh.
    let mesh: HelmMesh?
    private let unmeshed: KubernetesProblem?
    let defaults: HelmDefaults

    /// - Parameters:
    ///   - mesh: how Istio's gateway asks.
    ///   - sources: the secrets in them do not come into the chart.
    package init(
        _ loaded: LoadedConfiguration, defaults: HelmDefaults, placement: GatewayAPIPlacement,
        mode: IdentityMode, mesh: IstioOptions, sidecar: Bool, sources: ConfigurationSources
    ) throws(KubernetesProblem) {
        var options = Self.marked(defaults)
        options.headersOfAssertion = mode == .token
        plain = try KubernetesWorkload(loaded, options: options, sources: sources)
        (self.mesh, unmeshed) = Self.meshed(loaded, mesh, options, sidecar, sources)
        options.serviceMonitor = true
        monitored = try KubernetesWorkload(loaded, options: options, sources: sources)
        gateway = try EnvoyGatewayManifest(GatewayAPIManifest(plain, placement: Self.marked(placement)), mode: mode)
        self.defaults = defaults
    }

    private static func meshed(
        _ loaded: LoadedConfiguration, _ mesh: IstioOptions, _ workload: KubernetesOptions, _ sidecar: Bool,
        _ sources: ConfigurationSources
    ) -> (HelmMesh?, KubernetesProblem?) {
        do throws(KubernetesProblem) {
            return (try HelmMesh(loaded, mesh, workload: workload, sidecar: sidecar, sources: sources), nil)
        } catch {
            return (nil, error)
        }
    }

    private static func marked(_ defaults: HelmDefaults) -> KubernetesOptions {
        var options = KubernetesOptions(image: HelmMark.image.text)
        options.namespace = HelmMark.namespace.text
        options.replicas = defaults.replicas
        options.maximumReplicas = defaults.maximumReplicas
        options.secret = HelmMark.secret.text
        options.callers = [PodGroup(namespace: HelmMark.gatewayPods.text)]
        options.monitoringNamespace = HelmMark.monitoringNamespace.text
        return options
    }

    private static func marked(_ placement: GatewayAPIPlacement) -> GatewayAPIPlacement {
        var placement = placement
        placement.gateway = .init(namespace: HelmMark.gatewayNamespace.text, name: HelmMark.gatewayName.text)
        placement.gatewayClass = HelmMark.gatewayClass.text
        placement.certificate = HelmMark.certificate.text
        return placement
    }

    /// What whoever runs the command should know.
    package var notes: [String] {
        let unmeshed = unmeshed.map { ["the chart is not for Istio: \($0)"] } ?? []
        return (gateway.notes + plain.notes + unmeshed).map {
            $0.replacing(HelmMark.secret.text, with: "that the value `secret` names")
                .replacing(HelmMark.namespace.text, with: "the release's namespace")
        }
    }
}

/// What a chart's values are unless somebody says otherwise.
package struct HelmDefaults: Sendable {
    package var version: String
    package var image: String
    package var replicas: Int
    package var maximumReplicas: Int
    package var gateway: GatewayAPIPlacement.Gateway?
    package var gatewayClass: String?
    package var certificate: String
    package var gatewayPods: String

    package init(
        version: String, image: String, replicas: Int, maximumReplicas: Int, gateway: GatewayAPIPlacement.Gateway?,
        gatewayClass: String?, certificate: String, gatewayPods: String
    ) {
        self.version = version
        self.image = image
        self.replicas = replicas
        self.maximumReplicas = maximumReplicas
        self.gateway = gateway
        self.gatewayClass = gatewayClass
        self.certificate = certificate
        self.gatewayPods = gatewayPods
    }
}
