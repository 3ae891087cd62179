import Settings

/// Gatehouse behind Envoy Gateway: what the Gateway needs of Gateway API, and the policies that make it ask.
package struct EnvoyGatewayManifest: Sendable {
    /// Who sets the identity headers.
    package enum Identity: String, Sendable, CaseIterable {
        /// The check's answer.
        case header
        /// The gateway, from the verified assertion.
        case token
    }

    let base: GatewayAPIManifest
    let identity: Identity
    /// Token mode: the claim of each identity header.
    let claims: [(header: String, claim: String)]

    package init(_ base: GatewayAPIManifest, identity: Identity) throws(KubernetesProblem) {
        self.base = base
        self.identity = identity
        claims = identity == .token ? try Self.claims(base.workload.configuration, base.placement.check) : []
        try Self.refuseWhatCannotBeSaid(base.workload.configuration, base.placement.check)
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
            + headersWithoutClaim.map {
                "`\($0.name)` (\($0.template)) is no single claim of the assertion, so applications do not get it: "
                    + "let them read the assertion, or give --mode header"
            }
    }

    /// Of two policies for one Gateway, the older one counts.
    private var olderPolicies: String? {
        guard base.placement.gatewayClass == nil else { return nil }
        let gateway = base.placement.gateway
        return
            "where the Gateway \(gateway.name) has a SecurityPolicy or a ClientTrafficPolicy already, ours is not accepted and the "
            + "Gateway stays open: look with `kubectl get securitypolicies,clienttrafficpolicies --namespace \(gateway.namespace)` first"
    }

    private var headersWithoutClaim: [IdentitySettings.Header] {
        guard identity == .token, let service = base.workload.configuration.authService else { return [] }
        return service.identity.headers.filter { Self.claim($0) == nil }
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

    /// The claim that fills a header; nil where none of one value does.
    private static func claim(_ header: IdentitySettings.Header) -> String? {
        ["sub", "email", "name", "preferred_username"].first { [$0, "{\($0)}"].contains(header.template) }
    }

    private static func claims(
        _ configuration: Configuration, _ check: EnvoyManifest.Mode
    ) throws(KubernetesProblem) -> [(header: String, claim: String)] {
        guard let service = configuration.authService, service.identity.assertion != nil else {
            throw KubernetesProblem(
                "there is no `authService.identity.assertion` for the gateway to verify", "add one, or give --mode header")
        }
        guard check == .grpc else {
            throw KubernetesProblem(
                "over HTTP, no assertion is an empty one, which Envoy Gateway takes for a bad one",
                "give --check grpc, or --mode header")
        }
        let headers = service.identity.headers
        for (index, rule) in service.rules.enumerated() {
            guard let header = rule.headers.first(where: { set in headers.contains { $0.name == set.name } }) else { continue }
            throw KubernetesProblem(
                "`authService.rules[\(index)]` sets `\(header.name)`, which the gateway makes of the assertion",
                "give --mode header")
        }
        return headers.compactMap { header in claim(header).map { (header: header.name, claim: $0) } }
    }
}
