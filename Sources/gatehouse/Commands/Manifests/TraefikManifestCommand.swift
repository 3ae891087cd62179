import ArgumentParser
import Manifests

/// `gatehouse manifests traefik`: prints Traefik's configuration, or writes traefik.yaml and traefik-routes.yaml to a folder.
struct TraefikManifestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "traefik", abstract: "Write Traefik's configuration.",
        usage:
            "gatehouse manifests traefik (--config FILE | --demo) [--listen ADDRESS] [--upstream PREFIX=ADDRESS] [--out DIR]")

    @OptionGroup var options: GatewayManifestOptions

    func run() throws {
        try options.write { (manifest) throws(EnvoyManifestProblem) in try manifest.traefik() }
    }
}
