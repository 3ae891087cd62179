import ArgumentParser
import Manifests

/// `gatehouse manifests caddy`: prints Caddy's configuration, or writes a Caddyfile to a folder.
struct CaddyManifestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "caddy", abstract: "Write Caddy's configuration.",
        usage:
            "gatehouse manifests caddy (--config FILE | --demo) [--listen ADDRESS] [--upstream PREFIX=ADDRESS] [--out DIR]")

    @OptionGroup var options: GatewayManifestOptions

    func run() throws {
        try options.write { (manifest) throws(EnvoyManifestProblem) in manifest.caddy() }
    }
}
