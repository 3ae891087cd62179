import ArgumentParser
import Manifests

/// `gatehouse manifests nginx`: prints nginx's configuration, or writes gatehouse.conf to a folder.
struct NginxManifestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nginx", abstract: "Write nginx's configuration.",
        usage:
            "gatehouse manifests nginx (--config FILE | --demo) [--listen ADDRESS] [--upstream PREFIX=ADDRESS] [--out DIR]")

    @OptionGroup var options: GatewayManifestOptions

    func run() throws {
        try options.write { (manifest) throws(EnvoyManifestProblem) in try manifest.nginx() }
    }
}
