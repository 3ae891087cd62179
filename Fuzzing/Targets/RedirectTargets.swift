import Web

extension FuzzTarget {
    private static let home = Origin("https://app.example.com")
    private static let other = Origin("https://other.example.org:8443")

    /// `rd`: wherever a browser would go with what we make of it, it is ours.
    static let redirectTarget = FuzzTarget("redirect-target", maximumBytes: 300) { (input) throws(Violation) in
        guard let home, let other else { throw Violation(description: "the origins are origins") }
        let text = String(decoding: input, as: UTF8.self)
        for domain in [nil, "example.com"] {
            guard let target = RedirectTarget(text, home: home, allowed: [other], cookieDomain: domain) else { continue }
            let isOurs = target.origin == home || target.origin == other || domain != nil && isBelow(target.origin)
            try require(isOurs, "the origin is ours: \(target.url)")
            try require(target.url.utf8.allSatisfy { (0x21...0x7e).contains($0) && $0 != 0x5c }, "plain: \(target.url)")
            try require(LaxURL(target.url)?.host == target.origin.host, "browsers go to the same host: \(target.url)")
            try require(LaxURL(target.relative, base: home.host)?.host == home.host, "relative stays: \(target.relative)")
            let again = RedirectTarget(target.url, home: home, allowed: [other], cookieDomain: domain)
            let isTooLong = target.url.utf8.count > RedirectTarget.maximumBytes
            try require(again == target || isTooLong, "reading it again changes nothing: \(target.url)")
        }
    }

    private static func isBelow(_ origin: Origin) -> Bool {
        origin.scheme == .https && origin.port == nil && "." + origin.host == ".example.com"
            || origin.host.hasSuffix(".example.com")
    }
}

/// A URL as the most forgiving browser takes it (WHATWG URL, "basic URL parser"): blanks and control characters go, a backslash
/// is a slash, slashes behind the scheme may be any number.
private struct LaxURL {
    let host: String

    /// - Parameter base: the host of the page that a relative URL stands on.
    init?(_ text: String, base: String? = nil) {
        let bytes = text.utf8.filter { $0 > 0x20 && $0 != 0x7f }.map { $0 == 0x5c ? UInt8(ascii: "/") : $0 }
        var rest = bytes[...]
        if let colon = Self.endOfScheme(rest) {
            rest = rest[(colon + 1)...].drop { $0 == UInt8(ascii: "/") }
        } else if rest.starts(with: "//".utf8) {
            rest = rest.drop { $0 == UInt8(ascii: "/") }
        } else {
            guard let base else { return nil }
            host = base
            return
        }
        let authority = rest.prefix { !"/?#".utf8.contains($0) }
        let withoutUser = authority.lastIndex(of: UInt8(ascii: "@")).map { authority[($0 + 1)...] } ?? authority
        let isIPv6 = withoutUser.first == UInt8(ascii: "[")
        let name =
            isIPv6 ? withoutUser.prefix { $0 != UInt8(ascii: "]") } + [0x5d] : withoutUser.prefix { $0 != UInt8(ascii: ":") }
        host = String(decoding: name, as: UTF8.self).lowercased()
    }

    private static func endOfScheme(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard let first = bytes.first, (0x61...0x7a).contains(first | 0x20) else { return nil }
        let end = bytes.firstIndex { "/?#:".utf8.contains($0) }
        return end.flatMap { bytes[$0] == UInt8(ascii: ":") ? $0 : nil }
    }
}
