import Settings

/// What cannot be in a mesh, found before anything is written.
enum IstioChecks {
    static func run(
        _ configuration: Configuration, _ options: IstioOptions, _ place: EnvoyManifest
    ) throws(KubernetesProblem) {
        try secret(options, place)
        if options.mode == .token { try token(configuration, options, place) }
    }

    /// It would have to stand in the mesh's configuration, or in a route, where many may read it.
    private static func secret(_ options: IstioOptions, _ place: EnvoyManifest) throws(KubernetesProblem) {
        guard place.gatehouse.proxySecret != nil, options.check == .http || place.issuerPath != nil else { return }
        throw KubernetesProblem(
            "`listen.proxySecret` would stand in objects that are not secret", "remove it: the mesh's mTLS says who asks")
    }

    private static func token(
        _ configuration: Configuration, _ options: IstioOptions, _ place: EnvoyManifest
    ) throws(KubernetesProblem) {
        guard place.assertion != nil else {
            throw KubernetesProblem(
                "there is no `authService.identity.assertion` for the gateway to verify", "add one, or give --mode header")
        }
        guard options.check == .grpc else {
            throw KubernetesProblem(
                "over HTTP a request without a user has an empty assertion, which the gateway refuses",
                "give --check grpc, or --mode header")
        }
        guard let service = configuration.authService else { return }
        let claimed = Set(service.identity.headers.map(\.name))
        for (index, rule) in service.rules.enumerated() {
            guard let header = rule.headers.first(where: { claimed.contains($0.name) }) else { continue }
            throw KubernetesProblem(
                "`authService.rules[\(index)]` sets `\(header.name)`, which the gateway makes of the assertion",
                "give --mode header")
        }
    }
}

/// What whoever applies the objects should know.
enum IstioNotes {
    static func of(_ manifest: IstioManifest) -> [String] { mesh(manifest) + besideTheMesh(manifest) }

    /// Where the mesh's configuration is written, too.
    static func besideTheMesh(_ manifest: IstioManifest) -> [String] {
        left(manifest) + unmarked(manifest) + certificates(manifest)
    }

    /// Over HTTP, an answer shows that it was given only by the headers that it sets.
    private static func unmarked(_ manifest: IstioManifest) -> [String] {
        guard manifest.options.check == .http, manifest.headerOfAnswers == nil else { return [] }
        return [
            "over HTTP there is no second lock behind the check without an identity header other than `authorization`: give --check grpc"
        ]
    }

    /// Headers of `identity.headers` that only Gatehouse's answer could fill.
    private static func left(_ manifest: IstioManifest) -> [String] {
        manifest.headersWithoutClaim.map {
            "`\($0.name)` (\($0.template)) cannot be made of the assertion as one plain text, so applications do not get it: "
                + "let them read the assertion, or give --mode header"
        }
    }

    private static func mesh(_ manifest: IstioManifest) -> [String] {
        guard manifest.options.insertion == .mesh else { return [] }
        return [
            "the gateway refuses everything until the mesh knows the extension provider: merge mesh.yaml into istiod's meshConfig"
        ]
    }

    private static func certificates(_ manifest: IstioManifest) -> [String] {
        guard manifest.place.tellsClientCertificates else { return [] }
        return [
            "for `authService.clientCertificates`, set the gateway's `gatewayTopology.forwardClientCertDetails` to SANITIZE_SET"
        ]
    }
}
