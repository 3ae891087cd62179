/// Gatehouse at the ingress gateway of an Istio mesh: what asks it about every request, and what nothing gets past.
package struct IstioManifest: Sendable {
    package let workload: KubernetesWorkload
    package let options: IstioOptions
    /// The same gateway as a plain Envoy: its filters and its lists of headers.
    let place: EnvoyManifest
    /// Token mode.
    let assertionHeaders: AssertionHeaders?

    package init(_ workload: KubernetesWorkload, options: IstioOptions) throws(KubernetesProblem) {
        self.workload = workload
        self.options = options
        place = try Self.place(workload, options)
        try IstioChecks.run(options, place)
        assertionHeaders = options.mode == .token ? try AssertionHeaders(workload.configuration, options.check) : nil
    }

    /// Everything, the workload first.
    package var objects: [KubernetesObject] { workload.objects + gatewayObjects }

    /// What stands at the gateway and between it and Gatehouse.
    package var gatewayObjects: [KubernetesObject] {
        let verification = options.mode == .token ? [requestAuthentication] : []
        let asking = options.insertion == .mesh ? [checkPolicy] : [checkFilter]
        return [headerFilter] + asking + verification + denyPolicies + routes + [destinationRule]
            + (workload.options.sidecar ? [peerAuthentication, access] : [])
    }

    /// The pods that have to reach Gatehouse: the gateway, and, for the assertion's keys, istiod.
    package static func callers(_ options: IstioOptions) -> [PodGroup] {
        let istiod = PodGroup(namespace: options.meshNamespace, labels: [KubernetesLabel("app", "istiod")])
        return [options.gateway.pods] + (options.mode == .token ? [istiod] : [])
    }

    package var notes: [String] { workload.notes + IstioNotes.of(self) }

    var service: String { workload.host }
    var gatewayNamespace: String { options.gateway.pods.namespace }

    /// An object beside the gateway.
    func atGateway(_ kind: String, _ apiVersion: String, _ name: String, _ content: YAMLValue) -> KubernetesObject {
        KubernetesObject(
            kind, apiVersion, name: name, namespace: gatewayNamespace, labels: KubernetesWorkload.labels, content)
    }

    private static func place(
        _ workload: KubernetesWorkload, _ options: IstioOptions
    ) throws(KubernetesProblem) -> EnvoyManifest {
        // The DestinationRule says how TLS is spoken: no file of the gateway is named here.
        let elsewhere = GatewayCertificate(certificate: "", key: "")
        do throws(EnvoyManifestProblem) {
            return try EnvoyManifest(
                configuration: workload.configuration,
                placement: EnvoyPlacement(
                    listeners: [], upstreams: [],
                    gatehouse: GatehousePlacement(host: workload.host, authority: "", client: elsewhere),
                    trustedHops: options.trustedHops))
        } catch {
            throw KubernetesProblem(error)
        }
    }
}

extension KubernetesProblem {
    package init(_ problem: EnvoyManifestProblem) {
        let parts = problem.description.split(separator: "; ", maxSplits: 1).map(String.init)
        self.init(parts.first ?? "", parts.last ?? "")
    }
}
