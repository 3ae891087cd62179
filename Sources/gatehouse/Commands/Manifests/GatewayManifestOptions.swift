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

    @Option(
        help: ArgumentHelp(
            "The host at which the gateway reaches Gatehouse, when it is another than it listens on.", valueName: "host"))
    var gatehouseHost: String?

    @Option(help: ArgumentHelp("Write the files into this folder instead of printing them.", valueName: "dir"))
    var out: String?

    func validate() throws {
        if let gatehouseHost, NetworkAddress(parsing: gatehouseHost + ":1") == nil {
            throw ValidationError("--gatehouse-host takes a name or an address without a port")
        }
    }

    /// Writes the files, or prints them one after the other.
    func write(_ files: (GatewayManifest) -> [ManifestFile]) throws {
        let configuration = try source.configuration()
        do {
            for file in files(try GatewayManifest(configuration: configuration, placement: placement)) {
                try ManifestOutput.write(file.text, named: file.name, to: out)
            }
        } catch let problem as EnvoyManifestProblem {
            switch problem {
            case .upstreamTwice: throw ValidationError(problem.description)
            case .noAuthService, .unknownPort, .path, .header: throw source.refusal(of: problem.description)
            }
        }
    }

    private var placement: EnvoyPlacement {
        let addresses = listen.isEmpty ? [NetworkAddress(host: "127.0.0.1", port: 8080)] : listen
        return EnvoyPlacement(
            listeners: addresses.map { EnvoyManifest.Listener(mode: .http, address: $0) }, upstreams: upstream,
            gatehouseHost: gatehouseHost.flatMap { NetworkAddress(parsing: $0 + ":1")?.host })
    }
}

/// The value of an option, or a usage error that shows its form.
func parsedArgument<Value>(_ text: String, as form: String, _ parse: (String) -> Value?) throws -> Value {
    guard let value = parse(text) else { throw ValidationError("'\(text)' is not \(form)") }
    return value
}
