import Settings

/// A chart's release in a mesh of Istio, whose ingress gateway then asks.
struct HelmMesh: Sendable {
    let plain: IstioManifest
    let monitored: IstioManifest

    /// - Parameters:
    ///   - options: how the gateway asks; which one it is, is a value.
    ///   - workload: with the chart's marks.
    init(
        _ loaded: LoadedConfiguration, _ options: IstioOptions, workload: KubernetesOptions, sidecar: Bool,
        sources: ConfigurationSources
    ) throws(KubernetesProblem) {
        let options = Self.marked(options)
        var workload = workload
        workload.sidecar = sidecar
        workload.callers = IstioManifest.callers(options)
        // A release's is.
        workload.existingNamespace = true
        plain = try IstioManifest(KubernetesWorkload(loaded, options: workload, sources: sources), options: options)
        workload.serviceMonitor = true
        monitored = try IstioManifest(KubernetesWorkload(loaded, options: workload, sources: sources), options: options)
    }

    private static func marked(_ options: IstioOptions) -> IstioOptions {
        var options = options
        options.meshNamespace = HelmMark.meshNamespace.text
        options.gateway = .istio(
            pods: PodGroup(namespace: HelmMark.ingressNamespace.text, labels: [KubernetesLabel(HelmMark.ingressLabels.text, "")]),
            gateway: HelmMark.istioGateway.text)
        return options
    }

    /// The members of `ingress.istio` in the chart's values. A map is not empty where somebody wants other labels: Helm adds
    /// theirs to it.
    var values: YAMLValue {
        [
            "namespace": .noted("Where the ingress gateway's pods live.", "istio-system"),
            "labels": .noted("What they are labelled with; istio: ingressgateway when empty.", [:]),
            "gateway": .noted("The Gateway of Istio that the route to our pages is attached to.", "istio-system/ingressgateway"),
            "hosts": .noted(
                "Whose requests that route takes; [\"*\"] where the applications' routes have it so.", .strings(plain.place.hosts)
            ),
            "meshNamespace": .noted("Where istiod lives.", "istio-system"),
        ]
    }

    /// What a release's notes say: what the mesh has to be told, which no object can.
    func releaseNotes(beside others: [String]) -> String {
        let sentences = plain.notes.filter { !others.contains($0) }.map { $0 + "." }
        let fragment = plain.meshFragment.map { ["", "mesh.yaml:", "", $0.text] } ?? []
        return HelmMark.template((sentences + fragment).joined(separator: "\n"))
    }

    static let schema = """
        "istio": {
                  "type": "object",
                  "additionalProperties": false,
                  "required": ["namespace", "gateway", "hosts", "meshNamespace"],
                  "properties": {
                    "namespace": { "type": "string", "minLength": 1 },
                    "labels": { "type": "object", "additionalProperties": { "type": "string" } },
                    "gateway": { "type": "string", "pattern": "^[^/]+/[^/]+$" },
                    "hosts": { "type": "array", "minItems": 1, "items": { "type": "string", "minLength": 1 } },
                    "meshNamespace": { "type": "string", "minLength": 1 }
                  }
                },
        """
}
