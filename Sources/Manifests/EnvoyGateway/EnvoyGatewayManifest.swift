import Settings

/// Gatehouse behind Envoy Gateway: what the Gateway needs of Gateway API, and the policies that make it ask.
package struct EnvoyGatewayManifest: Sendable {
    let base: GatewayAPIManifest
    /// Token mode.
    let assertionHeaders: AssertionHeaders?

    package init(_ base: GatewayAPIManifest, mode: IdentityMode) throws(KubernetesProblem) {
        self.base = base
        let configuration = base.workload.configuration
        assertionHeaders = mode == .token ? try AssertionHeaders(configuration, base.placement.check) : nil
        try Self.refuseWhatCannotBeSaid(configuration, base.placement.check)
    }

    /// In the order in which a cluster wants them: the check is there before the routes are.
    package var objects: [KubernetesObject] {
        [referenceGrant, securityPolicy, clientTraffic].compactMap { $0 } + base.objects + [pageTraffic]
    }

    /// What whoever runs the command should know.
    package var notes: [String] {
        let posts =
            "`signIn.keepPosts` does nothing here: Envoy Gateway would refuse every longer body (413) rather than send its beginning"
        let cookies = "over HTTP, cookies that Gatehouse sets on accepted requests do not reach the browser; gRPC has no such gap"
        return [olderPolicies].compactMap { $0 } + (base.place.keptPostBytes == nil ? [] : [posts])
            + (base.placement.check == .http ? [cookies] : [])
            + (assertionHeaders?.notes ?? [])
    }

    /// Of two policies for one Gateway, the older one counts.
    private var olderPolicies: String? {
        guard base.placement.gatewayClass == nil else { return nil }
        let gateway = base.placement.gateway
        return
            "where the Gateway \(gateway.name) has a SecurityPolicy or a ClientTrafficPolicy already, ours is not accepted and the "
            + "Gateway stays open: look with `kubectl get securitypolicies,clienttrafficpolicies --namespace \(gateway.namespace)` first"
    }

    private static func refuseWhatCannotBeSaid(
        _ configuration: Configuration, _ check: EnvoyManifest.Mode
    ) throws(KubernetesProblem) {
        guard let service = configuration.authService else { return }
        guard service.clientCertificates.isEmpty else {
            throw KubernetesProblem(
                "`authService.clientCertificates` needs a gateway that asks for certificates, which this one is not told to",
                "remove it, or let `gatehouse manifests envoy` write the gateway")
        }
        guard check == .grpc || service.session.store == .server else {
            throw KubernetesProblem(
                "sessions in cookies need new cookies on accepted requests, which Envoy Gateway does not take over HTTP",
                "give --check grpc")
        }
    }
}
