/// What the configuration file does not say about containers.
package struct ComposePlacement: Sendable {
    /// The images of Gatehouse, Envoy and the database.
    package var image: String
    package var envoyImage: String
    package var databaseImage: String
    /// Where clients connect on this machine.
    package var publish: NetworkAddress
    /// How Envoy asks Gatehouse.
    package var check: EnvoyManifest.Mode
    package var upstreams: [EnvoyManifest.Upstream]
    package var trustedHops: Int
    /// Whether the Postgres that `storage` names runs here, too.
    package var hasDatabase: Bool

    package init(
        image: String, envoyImage: String, databaseImage: String, publish: NetworkAddress, check: EnvoyManifest.Mode = .grpc,
        upstreams: [EnvoyManifest.Upstream] = [], trustedHops: Int = 0, hasDatabase: Bool = false
    ) {
        self.image = image
        self.envoyImage = envoyImage
        self.databaseImage = databaseImage
        self.publish = publish
        self.check = check
        self.upstreams = upstreams
        self.trustedHops = trustedHops
        self.hasDatabase = hasDatabase
    }
}
