import JOSE
import Settings

extension EnvoyManifest.Gatehouse {
    init(_ listen: ListenSettings, _ placement: GatehousePlacement) throws(EnvoyManifestProblem) {
        self.init(
            web: try GatehouseListener(listen.web, "listen.web", placement),
            checkHTTP: try GatehouseListener(listen.checkHTTP, "listen.checkHTTP", placement),
            checkGRPC: try GatehouseListener(listen.checkGRPC, "listen.checkGRPC", placement))
        proxySecret = listen.proxySecret?.text
    }
}

extension GatehouseListener {
    fileprivate init(
        _ listener: ListenerSettings, _ key: String, _ placement: GatehousePlacement
    ) throws(EnvoyManifestProblem) {
        let place = try Place(listener.address, key, host: placement.host)
        guard let settings = listener.tls else {
            self.init(place)
            return
        }
        guard let authority = placement.authority else { throw .noAuthority(key) }
        if settings.demandsCertificates, placement.client == nil { throw .noClientCertificate(key) }
        let host =
            switch place {
            case .tcp(let address): address.host
            case .unix: "localhost"
            }
        self.init(
            place,
            tls: GatehouseTLS(
                authority: authority, serverName: placement.serverName ?? host,
                client: settings.clientCA == nil ? nil : placement.client))
    }
}

extension GatehouseListener.Place {
    /// A listener on every address is reached on loopback, unless another host is given.
    fileprivate init(_ address: ListenAddress, _ key: String, host: String?) throws(EnvoyManifestProblem) {
        switch address {
        case .unix(let path): self = .unix(path)
        case .tcp(let listened, let port):
            guard port > 0 else { throw .unknownPort(key) }
            let own =
                switch listened {
                case "0.0.0.0": "127.0.0.1"
                case "::": "::1"
                default: listened
                }
            self = .tcp(NetworkAddress(host: host ?? own, port: port))
        }
    }
}
