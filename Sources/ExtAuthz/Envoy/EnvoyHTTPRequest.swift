import AuthService
import NIOHTTP1

/// Reads a check of Envoy's HTTP mode: the client's method, headers and host, and its path behind `/envoy`.
enum EnvoyHTTPRequest {
    private static let prefix = "/envoy"

    /// The client's target behind the prefix; `nil` for a target under another path. May be empty, which is no path.
    static func originalTarget(_ target: String) -> String? {
        guard target.utf8.starts(with: prefix.utf8) else { return nil }
        let rest = target.utf8.dropFirst(prefix.utf8.count)
        guard rest.isEmpty || rest.first == UInt8(ascii: "/") || rest.first == UInt8(ascii: "?") else { return nil }
        return String(Substring(rest))
    }

    static func read(_ request: HTTP1Request) throws(Refusal) -> CheckRequest {
        guard let target = originalTarget(request.head.uri) else { throw .unknownPath }
        let headers = request.head.headers
        // Other headers may hold what they like: a cookie of somebody else's locks nobody out.
        guard FieldSyntax.isExact(target), headers["host"].allSatisfy(FieldSyntax.isExact) else { throw .notUTF8 }
        // Two lines of Host, even of the same host, are the mark of a smuggled request (RFC 9112 section 3.2).
        guard headers["host"].count == 1 else { throw .badHost }
        let forwarded = request.trusted == nil ? HTTPHeaders() : headers
        let received = ReceivedRequest(
            methods: [request.head.method.rawValue], targets: [target], hosts: headers["host"],
            scheme: forwarded.first(name: "x-forwarded-proto") ?? "http", headers: fields(request), body: request.body,
            clientAddress: request.trusted?.client(forwardedFor: forwarded["x-forwarded-for"]) ?? request.peer,
            id: RequestID.choose(headers.first(name: "x-request-id"), make: request.newID))
        return try received.checked(gatewayCarriesPages: false)
    }

    /// The client's headers. What a peer that is no trusted proxy says it forwards is left out.
    private static func fields(_ request: HTTP1Request) -> [(name: String, value: String)] {
        request.head.headers.compactMap { field in
            let name = field.name.lowercased()
            if name == "host" { return nil }
            if request.trusted == nil, name == "forwarded" || name.hasPrefix("x-forwarded-") { return nil }
            return (name: name, value: field.value)
        }
    }
}
