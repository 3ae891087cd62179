package import Settings

/// Gatehouse, Envoy and, if wanted, Postgres as services of Docker Compose.
package struct ComposeManifest: Sendable {
    let envoy: EnvoyManifest
    let placement: ComposePlacement
    /// The configuration file.
    let configuration: ComposeFolder.Mount
    /// What it names, each once.
    let files: [ComposeFolder.Mount]
    let variables: [String]
    /// The theme of its pages.
    let theme: ComposeFolder.Mount?
    /// Where its SQLite file is: the only place that Gatehouse writes to.
    let data: ComposeFolder.Mount?
    let database: ComposeDatabase?

    /// What Envoy's container listens on.
    static let port = 8080
    /// The service's name, at which Envoy finds Gatehouse.
    static let host = "gatehouse"

    /// - Parameter path: the configuration's; the compose file is to lie beside it.
    package init(
        _ loaded: LoadedConfiguration, path: String, placement: ComposePlacement
    ) throws(EnvoyManifestProblem) {
        let folder = ComposeFolder(of: path)
        let settings = loaded.configuration
        try Self.refuseUnreachable(settings.listen, placement.check)
        self.placement = placement
        envoy = try EnvoyManifest(
            configuration: settings,
            placement: EnvoyPlacement(
                listeners: [.init(mode: placement.check, address: NetworkAddress(host: "0.0.0.0", port: Self.port))],
                upstreams: placement.upstreams, gatehouse: GatehousePlacement(host: Self.host),
                trustedHops: placement.trustedHops))
        configuration = try folder.mount(path)
        let named = loaded.tree.files()
        files = try folder.mounts(named.map(\.path))
        variables = loaded.variables.keys.sorted()
        theme = try settings.pages.theme.map { (path) throws(EnvoyManifestProblem) in try folder.mount(path) }
        data = try settings.storage.path.map { (path) throws(EnvoyManifestProblem) in try folder.parent(path) }
        database = placement.hasDatabase ? try ComposeDatabase(settings.storage, passwordIn: named, folder) : nil
    }

    /// compose.yaml and the envoy.yaml that it names.
    package var manifestFiles: [ManifestFile] {
        [ManifestFile(name: "compose.yaml", text: Self.origin + YAMLWriter.text(project)), envoy.file]
    }

    private static let origin = """
        # Gatehouse and an Envoy in front of it, written by `gatehouse manifests compose`. It belongs beside the configuration.
        # What is to be otherwise belongs into compose.override.yaml; this file is written anew after changes to the configuration.

        """

    /// Envoy is in a container of its own, and connects in clear text over a network that only the two of them are in.
    private static func refuseUnreachable(
        _ listen: ListenSettings, _ check: EnvoyManifest.Mode
    ) throws(EnvoyManifestProblem) {
        let asked = check == .grpc ? ("listen.checkGRPC", listen.checkGRPC) : ("listen.checkHTTP", listen.checkHTTP)
        for (key, listener) in [("listen.web", listen.web), asked] {
            if listener.address.isLoopback {
                throw .notWithThisGateway(
                    what: "`\(key)` is where only its own container reaches it", mend: "let it listen on a port of 0.0.0.0")
            }
            if listener.tls != nil {
                throw .notWithThisGateway(
                    what: "`\(key)` has TLS, for which this compose file has no certificates",
                    mend: "leave out `tls`: only Envoy is in the network between the two")
            }
        }
    }
}
