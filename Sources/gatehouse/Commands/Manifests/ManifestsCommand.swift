import ArgumentParser

/// `gatehouse manifests`: the gateway's side of a configuration, one subcommand a gateway.
struct ManifestsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manifests", abstract: "Write the gateway's configuration.",
        subcommands: [
            EnvoyManifestCommand.self, NginxManifestCommand.self, TraefikManifestCommand.self, CaddyManifestCommand.self,
            HAProxyManifestCommand.self, ComposeManifestCommand.self, IstioManifestCommand.self, KubeflowManifestCommand.self,
            GatewayAPIManifestCommand.self, EnvoyGatewayManifestCommand.self, HelmManifestCommand.self,
        ])
}
