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
        return (base.place.keptPostBytes == nil ? [] : [posts]) + (base.placement.check == .http ? [cookies] : [])
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

    /// The claims that the assertion has and that are one value each.
    private static let singleClaims: Set<String> = ["sub", "email", "email_verified", "name", "preferred_username"]

    private static func claims(
        _ configuration: Configuration, _ check: EnvoyManifest.Mode
    ) throws(KubernetesProblem) -> [(header: String, claim: String)] {
        guard let service = configuration.authService, service.identity.assertion != nil else {
            throw KubernetesProblem(
                "token mode is about an assertion, and there is no `identity.assertion`", "add one, or give --mode header")
        }
        guard check == .grpc else {
            throw KubernetesProblem(
                "over HTTP, no assertion is an empty one, which Envoy Gateway takes for a bad one", "give --check grpc")
        }
        let headers = service.identity.headers
        if let other = service.identityHeaders.first(where: { name in !headers.contains { $0.name == name } }) {
            throw KubernetesProblem("the header \(other) is not made of a claim of the assertion", "give --mode header")
        }
        if let header = headers.first(where: { !singleClaims.contains($0.template) }) {
            throw KubernetesProblem(
                "the header \(header.name) is made of `\(header.template)`, and Envoy Gateway makes headers of single claims only",
                "give --mode header, or move it to `identity.strip` and let applications read the assertion")
        }
        return headers.map { (header: $0.name, claim: $0.template) }
    }
}
