import Web

/// Compares redirect URIs (RFC 9700 §4.1.3): byte for byte, never as parsed URLs.
enum RedirectURI {
    /// Whether `uri` is one of the client's. For public clients the port of an http loopback address is left out of it, as
    /// native applications get theirs from the system (RFC 8252 §7.3).
    static func isRegistered(_ uri: String, for client: Client) -> Bool {
        if client.redirectURIs.contains(where: { sameBytes($0, uri) }) { return true }
        guard client.isPublic, let sent = LoopbackURI(uri) else { return false }
        return client.redirectURIs.contains { LoopbackURI($0) == sent }
    }

    /// Whether any program on a machine could receive what is sent there: a loopback address, or a scheme of an application's own
    /// (RFC 8252 §8.6).
    static func isOfAnyProgram(_ uri: String) -> Bool {
        !uri.utf8.starts(with: "https://".utf8)
    }
}

/// `http://127.0.0.1` or `http://[::1]`, any port, and what follows it as bytes. `localhost` is none: it may resolve to another
/// machine (RFC 8252 §8.3).
private struct LoopbackURI: Equatable {
    private let host: String
    private let rest: [UInt8]

    init?(_ uri: String) {
        guard let host = ["http://127.0.0.1", "http://[::1]"].first(where: { uri.utf8.starts(with: $0.utf8) }) else { return nil }
        self.host = host
        let tail = uri.utf8.dropFirst(host.utf8.count)
        guard let rest = tail.first == UInt8(ascii: ":") ? Self.afterPort(tail.dropFirst()) : Array(tail), Self.startsRest(rest)
        else { return nil }
        self.rest = rest
    }

    private static func afterPort(_ bytes: Substring.UTF8View) -> [UInt8]? {
        let digits = bytes.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard (1...5).contains(digits.count), UInt16(String(decoding: digits, as: UTF8.self)) != nil else { return nil }
        return Array(bytes.dropFirst(digits.count))
    }

    /// A path or a query: anything else would make another host of it (`http://127.0.0.1.example`).
    private static func startsRest(_ bytes: [UInt8]) -> Bool {
        guard let first = bytes.first else { return true }
        return first == UInt8(ascii: "/") || first == UInt8(ascii: "?")
    }
}
