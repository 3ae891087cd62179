package import Web

/// What a gateway asks about: one request of a client, in one form for every gateway.
///
/// A dialect (ExtAuthz/) fills it from its own bytes and decides nothing. What the dialect could not read (two hosts, no
/// path, invalid UTF-8) it refuses itself; it never fills in a guess.
package struct CheckRequest: Sendable {
    /// The client's request where it lies. `target` is as the gateway forwards it: normalised by the gateway or not.
    package let message: RequestMessage
    package let body: [UInt8]
    /// Whether a page with status 2xx can be the reply to a check. Envoy's HTTP mode and nginx read any 200 as *allow*: there
    /// the service's own endpoints are routed to the web listener and the check lets them pass with no identity.
    package let gatewayCarriesPages: Bool
    /// Whether what the request says of its client's certificate is a trusted gateway's own word. Else it may be the client's.
    package let gatewayTellsCertificate: Bool
    /// The host and the path, read once.
    let address: Result<RequestAddress, RequestAddress.Refusal>
    private let client: ClientReader

    package init(
        message: consuming RequestMessage, body: [UInt8] = [], gatewayCarriesPages: Bool, gatewayTellsCertificate: Bool = false,
        client: ClientReader
    ) {
        self.gatewayTellsCertificate = gatewayTellsCertificate
        address = RequestAddress.read(&message)
        self.message = message
        self.body = body
        self.gatewayCarriesPages = gatewayCarriesPages
        self.client = client
    }

    /// A request that came to us as texts.
    package init(http: WebRequest, gatewayCarriesPages: Bool, gatewayTellsCertificate: Bool = false) {
        self.init(
            message: RequestMessage(http), body: http.body, gatewayCarriesPages: gatewayCarriesPages,
            gatewayTellsCertificate: gatewayTellsCertificate,
            client: ClientReader { _ in (address: http.clientAddress, id: http.id) })
    }

    /// How the gateway is answered: only Envoy's gRPC carries pages.
    var form: GrantForm { gatewayCarriesPages ? .grpc : .http }

    /// The request as texts, for whatever cannot be decided at once. To be asked for once: a request without an id gets one here.
    package var http: WebRequest {
        let client = client.read(message)
        return WebRequest(
            method: message.text(message.method), scheme: message.scheme.rawValue, authority: message.text(message.authority),
            target: message.text(message.target), headers: message.headers, body: body, clientAddress: client.address,
            id: client.id)
    }
}

/// Tells the address of a client, without its port, and the id of its request: for those that are not decided at once.
package struct ClientReader: Sendable {
    package let read: @Sendable (RequestMessage) -> (address: String, id: String)

    package init(_ read: @escaping @Sendable (RequestMessage) -> (address: String, id: String)) {
        self.read = read
    }
}
