import AuthService
import Web

/// Reads a check of Envoy's HTTP mode: the client's method, headers and host, and its path behind `/envoy`.
enum EnvoyHTTPRequest {
    private static let prefix: StaticString = "/envoy"

    /// The client's target behind the prefix; `nil` for a target under another path. May be empty, which is no path.
    static func originalTarget(_ message: RequestMessage) -> RequestMessage.Part? {
        let length = prefix.utf8CodeUnitCount
        let target = message.target.range
        guard target.count >= length else { return nil }
        let bytes = message.bytes.span
        let start = target.lowerBound + length
        guard sameBytes(bytes.extracting(target.lowerBound..<start), prefix) else { return nil }
        guard start == target.upperBound || bytes[start] == UInt8(ascii: "/") || bytes[start] == UInt8(ascii: "?") else {
            return nil
        }
        return RequestMessage.Part(start..<target.upperBound)
    }

    static func read(_ request: HTTP1Connection.Request, from peer: HTTP1Peer) throws(Refusal) -> CheckRequest {
        guard let target = originalTarget(request.head.message) else { throw .unknownPath }
        var reading = RequestReading(request.head.message)
        reading.scheme = .http
        reading.message.target = target
        reading.message.fields = []
        reading.message.fields.reserveCapacity(request.head.message.fields.count)
        for field in request.head.message.fields { reading.take(field, from: peer) }
        return try reading.checked(
            body: request.body, gatewayCarriesPages: false, gatewayTellsCertificate: peer.tellsCertificates,
            client: peer.client)
    }
}

extension RequestReading {
    /// Two lines of Host, even of the same host, are refused as framing is; what a peer that is no trusted proxy says it
    /// forwards is left out.
    fileprivate mutating func take(_ field: RequestMessage.Field, from peer: HTTP1Peer) {
        switch message.bytes[field.name.range.lowerBound] {
        case UInt8(ascii: "h") where message.holds("host", at: field.name):
            return name(.authority, field.value)
        case UInt8(ascii: "f") where !peer.isTrusted && message.holds("forwarded", at: field.name): return
        case UInt8(ascii: "x") where message.holds(ProxySecret.header, at: field.name): return
        case UInt8(ascii: "x"):
            guard peer.isTrusted else {
                let isCertificate = peer.tellsCertificates && message.holds("x-forwarded-client-cert", at: field.name)
                if !isCertificate, hasPrefix(message.bytes.span.extracting(field.name.range), "x-forwarded-") { return }
                break
            }
            if message.holds("x-forwarded-proto", at: field.name) {
                takeForwardedScheme(field.value)
            } else if message.holds("x-forwarded-for", at: field.name) {
                message.addForwardedFor(field.value)
            }
        default: break
        }
        message.fields.append(field)
    }

    /// The first of several counts.
    private mutating func takeForwardedScheme(_ value: RequestMessage.Part) {
        guard message.first("x-forwarded-proto") == nil else { return }
        takeScheme(value)
    }
}
