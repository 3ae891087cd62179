/// What is spoken inside TLS, as both sides agree on it in the handshake (ALPN, RFC 7301).
package enum ApplicationProtocol: String, Sendable {
    case http1 = "http/1.1"
    case http2 = "h2"

    /// HTTP/2 over TLS has to be agreed on (RFC 9113 section 3.2); HTTP/1.1 is what a client without the extension speaks.
    var mustBeOffered: Bool {
        switch self {
        case .http1: false
        case .http2: true
        }
    }
}
