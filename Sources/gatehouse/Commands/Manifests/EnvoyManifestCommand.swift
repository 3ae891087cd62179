import ArgumentParser
import Manifests

/// `gatehouse manifests envoy`: prints Envoy's configuration, or writes it to `envoy.yaml` in a folder.
struct EnvoyManifestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "envoy", abstract: "Write Envoy's configuration.",
        usage:
            "gatehouse manifests envoy (--config FILE | --demo) [--listen MODE=ADDRESS] [--upstream PREFIX=ADDRESS] [--out DIR]")

    @OptionGroup var source: ManifestSource

    @Option(
        help: ArgumentHelp(
            "Where Envoy listens and how it asks: grpc=host:port or http=host:port. Several are possible.",
            valueName: "mode=address"),
        transform: { try parsedArgument($0, as: "grpc=host:port or http=host:port", EnvoyManifest.Listener.init(parsing:)) })
    var listen: [EnvoyManifest.Listener] = []

    @Option(
        help: ArgumentHelp(
            "An application: path prefix and host:port, such as /echo/=127.0.0.1:9102.", valueName: "prefix=address"),
        transform: { try parsedArgument($0, as: "/prefix/=host:port", EnvoyManifest.Upstream.init(parsing:)) })
    var upstream: [EnvoyManifest.Upstream] = []

    @Option(
        help: ArgumentHelp("Open Envoy's own admin interface. Nobody but you may reach it.", valueName: "host:port"),
        transform: { try parsedArgument($0, as: "host:port", NetworkAddress.init(parsing:)) })
    var admin: NetworkAddress?

    @OptionGroup var gatehouse: GatehouseOptions

    @OptionGroup var front: TrustedHops

    @Option(help: ArgumentHelp("Write envoy.yaml into this folder instead of printing it.", valueName: "dir"))
    var out: String?

    func run() throws {
        let configuration = try source.configuration()
        do {
            let manifest = try EnvoyManifest(configuration: configuration, placement: placement)
            try ManifestOutput.write(manifest.file, to: out)
        } catch let problem as EnvoyManifestProblem {
            throw source.refusal(of: problem)
        }
    }

    private var placement: EnvoyPlacement {
        let grpc = EnvoyManifest.Listener(mode: .grpc, address: NetworkAddress(host: "127.0.0.1", port: 8080))
        return EnvoyPlacement(
            listeners: listen.isEmpty ? [grpc] : listen, upstreams: upstream, admin: admin,
            gatehouse: gatehouse.placement, trustedHops: front.trustedHops)
    }
}
