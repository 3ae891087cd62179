import ArgumentParser
import Manifests

/// How the gateway reaches Gatehouse, where the configuration file does not say it.
struct GatehouseOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The host at which the gateway reaches Gatehouse, when it is another than it listens on.", valueName: "host"))
    var gatehouseHost: String?

    @Option(
        help: ArgumentHelp(
            "For listeners with TLS: who signed Gatehouse's certificate, as PEM, where the gateway finds it.", valueName: "file"))
    var gatehouseCA: String?

    @Option(help: ArgumentHelp("The name in Gatehouse's certificate, when it is another than the host.", valueName: "name"))
    var gatehouseName: String?

    @Option(
        help: ArgumentHelp(
            "For listeners that want a client certificate: the gateway's own, as PEM, where the gateway finds it.",
            valueName: "file"))
    var clientCertificate: String?

    @Option(help: ArgumentHelp("The private key of --client-certificate.", valueName: "file"))
    var clientKey: String?

    func validate() throws {
        for (name, value) in [("--gatehouse-host", gatehouseHost), ("--gatehouse-name", gatehouseName)] {
            guard let value else { continue }
            guard NetworkAddress(parsing: value + ":1") != nil else {
                throw ValidationError("\(name) takes a name or an address without a port")
            }
        }
        guard (clientCertificate == nil) == (clientKey == nil) else {
            throw ValidationError("--client-certificate and --client-key go together")
        }
    }

    var placement: GatehousePlacement {
        let client = clientCertificate.flatMap { certificate in
            clientKey.map { GatewayCertificate(certificate: certificate, key: $0) }
        }
        return GatehousePlacement(
            host: host(gatehouseHost), authority: gatehouseCA, serverName: host(gatehouseName), client: client)
    }

    /// IPv6 without its brackets.
    private func host(_ text: String?) -> String? { text.flatMap { NetworkAddress(parsing: $0 + ":1")?.host } }
}
