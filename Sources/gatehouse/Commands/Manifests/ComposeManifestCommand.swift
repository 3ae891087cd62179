import ArgumentParser
import Manifests

/// `gatehouse manifests compose`: prints a compose file and Envoy's configuration, or writes both to a folder.
struct ComposeManifestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compose", abstract: "Write a compose file with Envoy's configuration.",
        usage:
            "gatehouse manifests compose --config FILE [--check MODE] [--publish ADDRESS] [--upstream PREFIX=ADDRESS] [--out DIR]"
    )

    @Option(help: ArgumentHelp("The configuration file; what is written belongs beside it.", valueName: "file"))
    var config: String

    @Option(help: ArgumentHelp("How Envoy asks Gatehouse.", valueName: "mode"))
    var check = EnvoyManifest.Mode.grpc

    @Option(
        help: ArgumentHelp("Where clients connect on this machine; 127.0.0.1:8080 when not given.", valueName: "host:port"),
        transform: { try parsedArgument($0, as: "host:port", NetworkAddress.init(parsing:)) })
    var publish = NetworkAddress(host: "127.0.0.1", port: 8080)

    @Option(
        help: ArgumentHelp(
            "An application: path prefix and host:port, such as /=dashboard:80. It joins the network gatehouse-applications.",
            valueName: "prefix=address"),
        transform: { try parsedArgument($0, as: "/prefix/=host:port", EnvoyManifest.Upstream.init(parsing:)) })
    var upstream: [EnvoyManifest.Upstream] = []

    @Flag(help: "Run the Postgres that `storage` names, too.")
    var database = false

    @Option(help: ArgumentHelp("Gatehouse's image.", valueName: "image"))
    var image = "gatehouse:\(VersionCommand.number)"

    @Option(help: ArgumentHelp("Envoy's image.", valueName: "image"))
    var envoyImage = "docker.io/envoyproxy/envoy:distroless-v1.40.0"

    @Option(help: ArgumentHelp("Postgres' image.", valueName: "image"))
    var databaseImage = "docker.io/library/postgres:17"

    @OptionGroup var front: TrustedHops

    @Option(help: ArgumentHelp("Write compose.yaml and envoy.yaml into this folder instead of printing them.", valueName: "dir"))
    var out: String?

    func run() throws {
        let loaded = try loadConfiguration(path: config)
        do {
            for file in try ComposeManifest(loaded, path: config, placement: placement).manifestFiles {
                try ManifestOutput.write(file, to: out)
            }
        } catch let problem as EnvoyManifestProblem {
            throw ManifestSource.refusal(of: problem, in: config)
        }
    }

    private var placement: ComposePlacement {
        ComposePlacement(
            image: image, envoyImage: envoyImage, databaseImage: databaseImage, publish: publish, check: check,
            upstreams: upstream, trustedHops: front.trustedHops, hasDatabase: database)
    }
}

extension EnvoyManifest.Mode: ExpressibleByArgument {}
