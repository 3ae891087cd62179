import Web

/// The URL of a provider's endpoint: https, or http on a loopback host; no user information, no fragment, and only the bytes
/// that RFC 3986 allows, so that every reader of it finds the same host and path.
struct EndpointURL: Sendable {
    let text: String
    /// `http` or `https`.
    let scheme: String
    /// `host` or `host:port`, as written.
    let authority: String
    /// The path, at least `/`, and the query.
    let target: String

    /// - Parameter plainHTTP: URLs of the operator's own, at and below which plain http is taken on any host.
    init?(_ url: String, plainHTTP: [String] = []) {
        guard url.utf8.count <= 2048, let origin = Origin(url), Self.hasOnlyURLBytes(url.utf8),
            origin.scheme == .https || Self.isLoopback(origin.host) || plainHTTP.contains(where: { Self.isAt(url, $0) })
        else { return nil }
        text = url
        scheme = origin.scheme.rawValue
        let afterScheme = url.utf8.dropFirst(scheme.utf8.count + "://".utf8.count)
        let authority = afterScheme.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        self.authority = String(decoding: authority, as: UTF8.self)
        let target = String(decoding: afterScheme[authority.endIndex...], as: UTF8.self)
        self.target = target.utf8.first == UInt8(ascii: "/") ? target : "/" + target
    }

    /// Whether `url` is `base`, or goes on behind it with a path or a query.
    private static func isAt(_ url: String, _ base: String) -> Bool {
        let base = ProviderAddresses.withoutSlash(base)
        guard url.utf8.starts(with: base.utf8) else { return false }
        let next = url.utf8.dropFirst(base.utf8.count).first
        return next == nil || next == UInt8(ascii: "/") || next == UInt8(ascii: "?")
    }

    private static let punctuation = Set("-._~:/?@!$&'()*+,;=[]%".utf8)

    private static func hasOnlyURLBytes(_ bytes: String.UTF8View) -> Bool {
        bytes.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: punctuation.contains(byte)
            }
        } && PercentEncoding.decode(bytes) != nil
    }

    /// `localhost`, 127.0.0.0/8 or `[::1]`; names such as `127.evil.example` are not.
    private static func isLoopback(_ host: String) -> Bool {
        if sameBytes(host, "localhost") || sameBytes(host, "[::1]") { return true }
        let parts = host.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part in
            (1...3).contains(part.count) ? UInt8(String(decoding: part, as: UTF8.self)) : nil
        }
        return parts.count == 4 && numbers.count == 4 && numbers.first == 127
    }
}
