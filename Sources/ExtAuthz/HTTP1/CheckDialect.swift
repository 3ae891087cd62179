import AuthService
import NIOHTTP1
import Web

/// How a gateway asks over HTTP/1, told by the path.
enum CheckDialect {
    /// Envoy's HTTP mode, with `path_prefix: /envoy`.
    case envoy
    /// nginx's `auth_request`.
    case nginx
    /// Traefik's `forwardAuth`.
    case traefik
    /// Caddy's `forward_auth`.
    case caddy
    /// HAProxy with the script that the manifest brings along.
    case haproxy

    /// `nil` where no gateway's check lives.
    init?(target: String) {
        guard EnvoyHTTPRequest.originalTarget(target) == nil else {
            self = .envoy
            return
        }
        // Apart from Envoy's, a query is the client's, which a gateway has left in place: it is read elsewhere.
        switch String(Substring(target.utf8.prefix { $0 != UInt8(ascii: "?") })) {
        case NginxRequest.path: self = .nginx
        case TraefikRequest.path: self = .traefik
        case CaddyRequest.path: self = .caddy
        case HAProxyRequest.path: self = .haproxy
        default: return nil
        }
    }

    func request(_ received: HTTP1Request) throws(Refusal) -> CheckRequest {
        switch self {
        case .envoy: try EnvoyHTTPRequest.read(received)
        case .nginx: try NginxRequest.form.read(received)
        case .traefik: try TraefikRequest.form.read(received)
        case .caddy: try CaddyRequest.form.read(received)
        case .haproxy: try HAProxyRequest.form.read(received)
        }
    }

    func reply(_ decision: Decision) -> WebResponse {
        switch self {
        case .envoy: EnvoyHTTPReply.make(decision)
        case .nginx: NginxReply.make(decision)
        case .traefik, .caddy, .haproxy: ForwardedReply.make(decision)
        }
    }

    /// Whether the gateway sends all headers that it has, so that none of ours may be among them (see `UnstrippedHeaders`).
    /// Envoy's HTTP mode sends a few, and strips by pattern.
    var sendsAllHeaders: Bool {
        switch self {
        case .envoy: false
        case .nginx, .traefik, .caddy, .haproxy: true
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
