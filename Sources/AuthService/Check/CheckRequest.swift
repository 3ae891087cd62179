package import Web

/// What a gateway asks about: one request of a client, in one form for every gateway.
///
/// A dialect (ExtAuthz/) fills it from its own bytes and decides nothing. What the dialect could not read (two hosts, no
/// path, invalid UTF-8) it refuses itself; it never fills in a guess.
package struct CheckRequest: Sendable {
    /// The client's request. `target` is as the gateway forwards it: normalised by the gateway or not.
    package var http: WebRequest
    /// Whether a page with status 2xx can be the reply to a check. Envoy's HTTP mode and nginx read any 200 as *allow*: there
    /// the service's own endpoints are routed to the web listener and the check lets them pass with no identity.
    package var gatewayCarriesPages: Bool

    package init(http: WebRequest, gatewayCarriesPages: Bool) {
        self.http = http
        self.gatewayCarriesPages = gatewayCarriesPages
    }
}
