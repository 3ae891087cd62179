import Yams

/// Headers that carry the request itself: never an identity header, never stripped.
enum ReservedHeaders {
    /// Connection-specific (RFC 9110, section 7.6.1) and what HTTP, the gateway and the sign-in need.
    static let names = [
        "connection", "content-length", "content-type", "cookie", "expect", "host", "keep-alive", "proxy-authenticate",
        "proxy-authorization", "proxy-connection", "set-cookie", "te", "trailer", "transfer-encoding", "upgrade",
    ]
}

extension Reading {
    /// A request header that we own, in lower case: a token (RFC 9110, section 5.1), none that the request itself needs.
    func identityHeader(_ node: Node) -> String? {
        guard let text = text(node) else { return nil }
        let name = text.lowercased()
        guard !name.isEmpty, name.utf8.count <= 128, name.utf8.allSatisfy(isTokenByte) else {
            return refuse("\(quoted(text)) is not a header name", "use letters, digits and `-`", node)
        }
        if name.utf8.contains(UInt8(ascii: "_")) {
            return refuse("the header \(quoted(text)) has a `_`, which servers take for a `-`", "write `-` instead", node)
        }
        if ReservedHeaders.names.contains(name) || name == "authorization" || name.hasPrefix("x-envoy-") {
            return refuse("the header \(quoted(text)) belongs to HTTP or the gateway", "choose a name such as `x-user`", node)
        }
        return name
    }
}
