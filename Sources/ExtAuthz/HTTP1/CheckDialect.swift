import AuthService
import NIOCore
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
    init?(_ message: RequestMessage) {
        let target = message.target.range
        guard EnvoyHTTPRequest.originalTarget(message) == nil else {
            self = .envoy
            return
        }
        // Apart from Envoy's, a query is the client's, which a gateway has left in place: it is read elsewhere.
        let end = message.bytes[target].firstIndex(of: UInt8(ascii: "?")) ?? target.upperBound
        let path = message.bytes.span.extracting(target.lowerBound..<end)
        if sameBytes(path, NginxRequest.path) {
            self = .nginx
        } else if sameBytes(path, TraefikRequest.path) {
            self = .traefik
        } else if sameBytes(path, CaddyRequest.path) {
            self = .caddy
        } else if sameBytes(path, HAProxyRequest.path) {
            self = .haproxy
        } else {
            return nil
        }
    }

    func request(_ received: HTTP1Connection.Request, from peer: HTTP1Peer) throws(Refusal) -> CheckRequest {
        switch self {
        case .envoy: try EnvoyHTTPRequest.read(received, from: peer)
        case .nginx: try NginxRequest.form.read(received, from: peer)
        case .traefik: try TraefikRequest.form.read(received, from: peer)
        case .caddy: try CaddyRequest.form.read(received, from: peer)
        case .haproxy: try HAProxyRequest.form.read(received, from: peer)
        }
    }

    /// - Parameter sent: see `SentCredentials`.
    func write(_ decision: Decision, _ sent: SentCredentials?, _ end: HTTP1ResponseEnd, to output: inout ByteBuffer) {
        if case .accept(let accepted) = decision, HTTP1Allow.write(accepted, for: self, sent, end, to: &output) { return }
        end.write(answer(decision), to: &output)
    }

    /// Whatever is no allow.
    private func answer(_ decision: Decision) -> WebResponse {
        let response = Verdict(decision, gatewayCarriesPages: false).refusal
        return switch self {
        case .nginx: NginxReply.refuse(response)
        case .envoy, .traefik, .caddy, .haproxy: response
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

    /// Whether the gateway takes the client's own credentials out of a request unless the answer names them.
    var removesWhatIsNotNamed: Bool {
        switch self {
        case .traefik: true
        case .envoy, .nginx, .caddy, .haproxy: false
        }
    }
}
