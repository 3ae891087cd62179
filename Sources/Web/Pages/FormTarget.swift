/// Where the answer to a form may redirect to, as a source of the `form-action` directive.
///
/// Chromium applies `form-action` to redirects after the POST as well: a login form needs the origin of the client's
/// redirect URI in it, a sign-out form that of the provider.
package struct FormTarget: Sendable, Hashable {
    let source: String

    /// From the absolute URL of the redirect: its origin, or for an application's own scheme (RFC 8252, section 7.1) the
    /// scheme. nil for what is neither.
    package init?(url: some StringProtocol) {
        let scheme = url.utf8.prefix { $0 != UInt8(ascii: ":") }
        if let origin = Origin(url) {
            // CSP has no notation for IPv6 addresses.
            source = origin.host.utf8.first == UInt8(ascii: "[") ? "\(origin.scheme.rawValue):" : "\(origin)"
        } else if let name = Self.privateScheme(scheme), scheme.endIndex < url.endIndex {
            source = name + ":"
        } else {
            return nil
        }
    }

    private static func privateScheme(_ bytes: some Collection<UInt8>) -> String? {
        let name = bytes.map(\.lowercased)
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        guard let first = name.first, letters.contains(first) else { return nil }
        guard name.allSatisfy({ $0.isUnreserved && $0 != UInt8(ascii: "_") && $0 != UInt8(ascii: "~") }) else { return nil }
        let scheme = String(decoding: name, as: UTF8.self)
        return ["http", "https", "javascript", "data", "blob", "file"].contains(scheme) ? nil : scheme
    }
}
