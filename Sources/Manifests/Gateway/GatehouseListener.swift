/// One of Gatehouse's listeners as a gateway reaches it.
package struct GatehouseListener: Sendable, Hashable {
    package enum Place: Sendable, Hashable {
        case tcp(NetworkAddress)
        /// An absolute path.
        case unix(String)
    }

    package var place: Place
    /// nil: clear text.
    package var tls: GatehouseTLS?

    package init(_ place: Place, tls: GatehouseTLS? = nil) {
        self.place = place
        self.tls = tls
    }

    /// What stands in URLs and Host headers.
    var authority: String {
        switch place {
        case .tcp(let address): address.authority
        case .unix: "localhost"
        }
    }

    var scheme: String { tls == nil ? "http" : "https" }
}

/// How a gateway speaks TLS with one of Gatehouse's listeners. Paths are where the gateway finds the files.
package struct GatehouseTLS: Sendable, Hashable {
    /// PEM: who signed Gatehouse's certificate.
    package var authority: String
    /// The name, or the IP address, that has to be in Gatehouse's certificate.
    package var serverName: String
    /// What the gateway shows; nil where Gatehouse wants no certificate.
    package var client: GatewayCertificate?

    package init(authority: String, serverName: String, client: GatewayCertificate? = nil) {
        self.authority = authority
        self.serverName = serverName
        self.client = client
    }

    var serverNameIsAddress: Bool { NetworkAddress(host: serverName, port: 1).isIPAddress }
}

/// The gateway's own certificate: two PEM files.
package struct GatewayCertificate: Sendable, Hashable {
    package var certificate: String
    package var key: String

    package init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }
}

/// What the configuration file does not say about the way from a gateway to Gatehouse.
package struct GatehousePlacement: Sendable {
    /// The host at which the gateway reaches Gatehouse; nil for the one that Gatehouse listens on.
    package var host: String?
    package var authority: String?
    /// nil: the host.
    package var serverName: String?
    package var client: GatewayCertificate?

    package init(
        host: String? = nil, authority: String? = nil, serverName: String? = nil, client: GatewayCertificate? = nil
    ) {
        self.host = host
        self.authority = authority
        self.serverName = serverName
        self.client = client
    }
}
