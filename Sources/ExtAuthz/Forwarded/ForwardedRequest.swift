import AuthService
import Web

/// The headers in which a gateway tells of the client's request: of the check's own request line and host, nothing is the
/// client's.
struct ForwardedRequest: Sendable {
    /// All in lower case.
    let method: StaticString
    let target: StaticString
    let host: StaticString
    let scheme: StaticString

    /// What a gateway sets about itself and the client's connection. No application's header, whatever a configuration strips.
    static let gatewayHeaders: [StaticString] = [
        "x-forwarded-for", "x-forwarded-host", "x-forwarded-method", "x-forwarded-port", "x-forwarded-proto",
        "x-forwarded-server", "x-forwarded-uri", "x-original-method", "x-original-uri", "x-real-ip",
        ProxySecret.header,
    ]

    /// Only from a trusted proxy: from anybody else these headers are a client's words, and there is no other request to check.
    func read(_ request: HTTP1Connection.Request, from peer: HTTP1Peer) throws(Refusal) -> CheckRequest {
        guard peer.isTrusted else { throw .untrustedGateway }
        var reading = RequestReading(request.head.message)
        reading.message.method = .none
        reading.message.target = .none
        reading.message.fields = []
        reading.message.fields.reserveCapacity(request.head.message.fields.count)
        var schemes = 0
        for field in request.head.message.fields { take(field, into: &reading, &schemes) }
        if schemes != 1 { reading.scheme = nil }
        return try reading.checked(gatewayCarriesPages: false, client: peer.client)
    }

    private func take(_ field: RequestMessage.Field, into reading: inout RequestReading, _ schemes: inout Int) {
        let name = field.name
        switch reading.message.bytes[name.range.lowerBound] {
        case UInt8(ascii: "h") where reading.message.holds("host", at: name): return
        case UInt8(ascii: "x") where Self.gatewayHeaders.contains { reading.message.holds($0, at: name) }:
            if reading.message.holds(method, at: name) {
                reading.name(.method, field.value)
            } else if reading.message.holds(target, at: name) {
                reading.name(.target, field.value)
            } else if reading.message.holds(host, at: name) {
                reading.name(.authority, field.value)
            } else if reading.message.holds(scheme, at: name) {
                schemes += 1
                takeScheme(field.value, into: &reading)
            } else if reading.message.holds("x-forwarded-for", at: name) {
                reading.message.addForwardedFor(field.value)
            }
        default: reading.message.fields.append(field)
        }
    }

    /// Traefik calls the scheme of a WebSocket's handshake by the WebSocket's name.
    private func takeScheme(_ value: RequestMessage.Part, into reading: inout RequestReading) {
        if reading.message.holds("ws", at: value) {
            reading.scheme = .http
        } else if reading.message.holds("wss", at: value) {
            reading.scheme = .https
        } else {
            reading.takeScheme(value)
        }
    }
}
