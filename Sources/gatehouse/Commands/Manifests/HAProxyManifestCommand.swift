import ArgumentParser
import Manifests

/// `gatehouse manifests haproxy`: prints HAProxy's configuration, or writes haproxy.cfg and gatehouse.lua to a folder.
struct HAProxyManifestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "haproxy", abstract: "Write HAProxy's configuration.",
        usage:
            "gatehouse manifests haproxy (--config FILE | --demo) [--listen ADDRESS] [--upstream PREFIX=ADDRESS] [--out DIR]")

    @OptionGroup var options: GatewayManifestOptions

    func run() throws {
        try options.write { (manifest) throws(EnvoyManifestProblem) in try manifest.haproxy() }
    }
}
