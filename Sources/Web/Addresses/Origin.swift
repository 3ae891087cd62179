/// Scheme, host and port of an http or https URL (RFC 6454), normalised so that equal origins are equal values.
package struct Origin: Sendable, Hashable, CustomStringConvertible {
    package enum Scheme: String, Sendable {
        case http
        case https

        fileprivate var defaultPort: UInt16 { self == .https ? 443 : 80 }
    }

    package let scheme: Scheme
    /// As `RequestHost.name`.
    package let host: String
    /// nil where it is the scheme's default.
    package let port: UInt16?

    /// `scheme` in either case, `authority` as in a Host field.
    package init?(scheme: some StringProtocol, authority: some StringProtocol) {
        guard let scheme = Scheme(rawValue: scheme.lowercased()), let host = RequestHost(authority) else { return nil }
        self.scheme = scheme
        self.host = host.name
        port = host.port == scheme.defaultPort ? nil : host.port
    }

    /// The origin of an absolute URL; what follows the authority is not checked.
    package init?(_ url: some StringProtocol) {
        guard let (origin, _) = Self.split(url) else { return nil }
        self = origin
    }

    /// `scheme://host`, and `:port` where it is not the scheme's default.
    package var description: String { "\(scheme.rawValue)://\(host)" + (port.map { ":\($0)" } ?? "") }

    /// Whether the host is `domain` (lower case, no dot in front) or below it.
    package func isWithin(domain: String) -> Bool {
        let (host, domain) = (Array(host.utf8), Array(domain.utf8))
        guard !domain.isEmpty, host.count >= domain.count, host.suffix(domain.count).elementsEqual(domain) else { return false }
        return host.count == domain.count || host[host.count - domain.count - 1] == UInt8(ascii: ".")
    }

    /// The origin, and what follows it: empty or from the first `/`, `?` or `#` on.
    static func split<Text: StringProtocol>(_ url: Text) -> (origin: Origin, rest: Text.SubSequence)? {
        let scheme = url.utf8.prefix { $0 != UInt8(ascii: ":") }
        let mark = url[scheme.endIndex...]
        guard mark.utf8.starts(with: "://".utf8) else { return nil }
        let authorityStart = url.utf8.index(scheme.endIndex, offsetBy: 3)
        let delimiters = "/?#".utf8
        let authorityEnd = url[authorityStart...].utf8.firstIndex { delimiters.contains($0) } ?? url.endIndex
        let authority = url[authorityStart..<authorityEnd]
        guard let origin = Origin(scheme: url[..<scheme.endIndex], authority: authority) else { return nil }
        return (origin, url[authorityEnd...])
    }
}
