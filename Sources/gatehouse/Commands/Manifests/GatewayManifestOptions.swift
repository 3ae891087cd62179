import ArgumentParser
import Manifests
import Settings

/// The options that every gateway but Envoy takes, and the way from them to its files.
struct GatewayManifestOptions: ParsableArguments {
    @OptionGroup var source: ManifestSource

    @Option(
        help: ArgumentHelp(
            "Where the gateway listens; 127.0.0.1:8080 when not given. Several are possible.", valueName: "host:port"),
        transform: { try parsedArgument($0, as: "host:port", NetworkAddress.init(parsing:)) })
    var listen: [NetworkAddress] = []

    @Option(
        help: ArgumentHelp(
            "An application: path prefix and host:port, such as /echo/=127.0.0.1:9102.", valueName: "prefix=address"),
        transform: { try parsedArgument($0, as: "/prefix/=host:port", EnvoyManifest.Upstream.init(parsing:)) })
    var upstream: [EnvoyManifest.Upstream] = []

    @OptionGroup var gatehouse: GatehouseOptions

    @OptionGroup var front: TrustedHops

    @Option(help: ArgumentHelp("Write the files into this folder instead of printing them.", valueName: "dir"))
    var out: String?

    /// Writes the files, or prints them one after the other.
    func write(_ files: (GatewayManifest) throws(EnvoyManifestProblem) -> [ManifestFile]) throws {
        let configuration = try source.configuration()
        do {
            for file in try files(GatewayManifest(configuration: configuration, placement: placement)) {
                try ManifestOutput.write(file, to: out)
            }
        } catch let problem as EnvoyManifestProblem {
            throw source.refusal(of: problem)
        }
    }

    private var placement: EnvoyPlacement {
        let addresses = listen.isEmpty ? [NetworkAddress(host: "127.0.0.1", port: 8080)] : listen
        return EnvoyPlacement(
            listeners: addresses.map { EnvoyManifest.Listener(mode: .http, address: $0) }, upstreams: upstream,
            gatehouse: gatehouse.placement, trustedHops: front.trustedHops)
    }
}

/// The value of an option, or a usage error that shows its form.
func parsedArgument<Value>(_ text: String, as form: String, _ parse: (String) -> Value?) throws -> Value {
    guard let value = parse(text) else { throw ValidationError("'\(text)' is not \(form)") }
    return value
}
