import AuthService
import NIOHTTP1
import Web

/// The headers in which a gateway tells of the client's request: of the check's own request line and host, nothing is the
/// client's.
struct ForwardedRequest {
    /// All in lower case.
    let method: String
    let target: String
    let host: String
    let scheme: String

    private static let client = "x-forwarded-for"

    /// What a gateway sets about itself and the client's connection. No application's header, whatever a configuration strips.
    static let gatewayHeaders: Set<String> = [
        "x-forwarded-for", "x-forwarded-host", "x-forwarded-method", "x-forwarded-port", "x-forwarded-proto",
        "x-forwarded-server",
        "x-forwarded-uri", "x-original-method", "x-original-uri", "x-real-ip",
    ]

    /// Only from a trusted proxy: from anybody else these headers are a client's words, and there is no other request to check.
    func read(_ request: HTTP1Request) throws(Refusal) -> CheckRequest {
        guard let trusted = request.trusted else { throw .untrustedGateway }
        let headers = request.head.headers
        // Other headers may hold what they like: a cookie of somebody else's locks nobody out.
        guard [method, target, host, scheme].allSatisfy({ headers[$0].allSatisfy(FieldSyntax.isExact) }) else { throw .notUTF8 }
        guard headers[scheme].count == 1 else { throw .badScheme }
        let received = ReceivedRequest(
            methods: headers[method], targets: headers[target], hosts: headers[host], scheme: scheme(headers[scheme][0]),
            headers: clientHeaders(headers),
            clientAddress: trusted.client(forwardedFor: headers[Self.client]) ?? request.peer,
            id: RequestID.choose(headers.first(name: "x-request-id"), make: request.newID))
        return try received.checked(gatewayCarriesPages: false)
    }

    /// Traefik calls the scheme of a WebSocket's handshake by the WebSocket's name.
    private func scheme(_ value: String) -> String {
        switch value {
        case "ws": "http"
        case "wss": "https"
        default: value
        }
    }

    private func clientHeaders(_ headers: HTTPHeaders) -> [(name: String, value: String)] {
        headers.compactMap { field in
            let name = field.name.lowercased()
            return name == "host" || Self.gatewayHeaders.contains(name) ? nil : (name: name, value: field.value)
        }
    }
}
