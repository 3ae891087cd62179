import AuthService
import NIOHTTP1
import Web

/// How a gateway asks over HTTP/1, told by the first part of the path.
enum CheckDialect {
    /// Envoy's HTTP mode, with `path_prefix: /envoy`.
    case envoy

    /// `nil` where no gateway's check lives.
    init?(target: String) {
        guard EnvoyHTTPRequest.originalTarget(target) != nil else { return nil }
        self = .envoy
    }

    func request(_ received: HTTP1Request) throws(Refusal) -> CheckRequest {
        switch self {
        case .envoy: try EnvoyHTTPRequest.read(received)
        }
    }

    func reply(_ decision: Decision) -> WebResponse {
        switch self {
        case .envoy: EnvoyHTTPReply.make(decision)
        }
    }
}

/// One request to the listener, with what is known of the connection that it came by.
struct HTTP1Request {
    var head: HTTPRequestHead
    var body: [UInt8]
    /// The peer's address, empty for a Unix socket.
    var peer: String
    /// The proxies to believe; `nil` where the peer is none of them.
    var trusted: TrustedProxies?
    /// For a request that brings no id.
    var newID: @Sendable () -> String
}
