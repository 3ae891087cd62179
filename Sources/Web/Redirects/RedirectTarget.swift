/// Where a browser goes after sign-in or sign-out: the one parser of `rd`.
///
/// Browsers forgive much (`/\evil.example`, `https:evil.example`, a tab inside), so what is not plainly a path of ours or
/// an absolute URL of an allowed origin is nil, and the caller goes to its home page. The URL to use is built from the
/// parts that were checked; the text that came in is never used.
package struct RedirectTarget: Sendable, Hashable {
    package static let maximumBytes = 2 * 1024

    package let origin: Origin
    /// Starts with one `/`; escapes as they came.
    package let path: String
    /// Without `?`.
    package let query: String?
    /// Without `#`.
    package let fragment: String?

    /// - Parameters:
    ///   - text: a path with query and fragment, or an absolute URL.
    ///   - home: the origin that a path is relative to; always allowed.
    ///   - allowed: further origins.
    ///   - cookieDomain: with it, hosts at and under this domain are allowed that share scheme and port with `home`.
    package init?(_ text: String, home: Origin, allowed: [Origin] = [], cookieDomain: String? = nil) {
        guard Self.isPlain(text) else { return nil }
        let origin: Origin
        var rest = text[...]
        if rest.utf8.first == UInt8(ascii: "/") {
            origin = home
        } else {
            guard let (named, after) = Origin.split(text) else { return nil }
            let isUnderDomain = cookieDomain.map { named.shares(cookieDomain: $0, with: home) } ?? false
            guard named == home || allowed.contains(named) || isUnderDomain else { return nil }
            (origin, rest) = (named, after)
        }
        let (beforeFragment, fragment) = rest.cut(at: UInt8(ascii: "#"))
        let (path, query) = beforeFragment.cut(at: UInt8(ascii: "?"))
        guard Self.isUnambiguous(path), fragment?.utf8.contains(UInt8(ascii: "#")) != true else { return nil }
        self.origin = origin
        self.path = path.isEmpty ? "/" : String(path)
        self.query = query.map(String.init)
        self.fragment = fragment.map(String.init)
    }

    /// Absolute; fit for a `location` field.
    package var url: String { "\(origin)\(relative)" }

    /// Path, query and fragment.
    package var relative: String {
        path + (query.map { "?\($0)" } ?? "") + (fragment.map { "#\($0)" } ?? "")
    }

    /// Visible ASCII without backslashes, whose escapes are valid and hide no control character.
    private static func isPlain(_ text: String) -> Bool {
        let bytes = text.utf8
        guard (1...maximumBytes).contains(bytes.count) else { return false }
        guard bytes.allSatisfy({ $0.isVisibleASCII && $0 != UInt8(ascii: "\\") }) else { return false }
        guard let decoded = PercentEncoding.decode(bytes) else { return false }
        return !decoded.contains(where: \.isControl)
    }

    /// Empty, or a path that our own reading accepts and that has no dot segment and no `//` at its start.
    private static func isUnambiguous(_ path: Substring) -> Bool {
        guard !path.isEmpty else { return true }
        guard !path.utf8.starts(with: "//".utf8), (try? RequestPath(target: path)) != nil else { return false }
        guard let decoded = PercentEncoding.decode(path.utf8) else { return false }
        let segments = decoded.split(separator: UInt8(ascii: "/"))
        return !segments.contains { $0.elementsEqual(".".utf8) || $0.elementsEqual("..".utf8) }
    }
}

extension Substring {
    /// What stands before and after the first `byte`; nothing after where there is none.
    fileprivate func cut(at byte: UInt8) -> (before: Substring, after: Substring?) {
        guard let index = utf8.firstIndex(of: byte) else { return (self, nil) }
        return (self[..<index], self[utf8.index(after: index)...])
    }
}

extension Origin {
    fileprivate func shares(cookieDomain: String, with home: Origin) -> Bool {
        let domain = cookieDomain.utf8.drop { $0 == UInt8(ascii: ".") }.map(\.lowercased)
        guard !domain.isEmpty, scheme == home.scheme, port == home.port else { return false }
        let host = Array(host.utf8)
        return host == domain || host.reversed().starts(with: (".".utf8 + domain).reversed())
    }
}
