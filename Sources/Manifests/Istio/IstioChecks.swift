/// What cannot be in a mesh, found before anything is written.
enum IstioChecks {
    /// The secret would have to stand in the mesh's configuration, or in a route, where many may read it.
    static func run(_ options: IstioOptions, _ place: EnvoyManifest) throws(KubernetesProblem) {
        guard place.gatehouse.proxySecret != nil, options.check == .http || place.issuerPath != nil else { return }
        throw KubernetesProblem(
            "`listen.proxySecret` would stand in objects that are not secret", "remove it: the mesh's mTLS says who asks")
    }
}

/// What whoever applies the objects should know.
enum IstioNotes {
    static func of(_ manifest: IstioManifest) -> [String] { mesh(manifest) + besideTheMesh(manifest) }

    /// Where the mesh's configuration is written, too.
    static func besideTheMesh(_ manifest: IstioManifest) -> [String] {
        (manifest.assertionHeaders?.notes ?? []) + unmarked(manifest) + certificates(manifest)
    }

    /// Over HTTP, an answer shows that it was given only by the headers that it sets.
    private static func unmarked(_ manifest: IstioManifest) -> [String] {
        guard manifest.options.check == .http, manifest.headerOfAnswers == nil else { return [] }
        return [
            "over HTTP there is no second lock behind the check without an identity header other than `authorization`: give --check grpc"
        ]
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
