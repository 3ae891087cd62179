/// An absolute http or https URL of the configuration: the text as written, and its parts.
package struct ConfiguredURL: Sendable, Hashable {
    /// As it stands in the file.
    package var text: String
    /// `http` or `https`.
    package var scheme: String
    /// Lower case; an IPv6 address without its brackets.
    package var host: String
    /// nil where the text has none.
    package var port: Int?
    /// Empty, or begins with `/`.
    package var path: String
    /// What follows `?`, nil without one.
    package var query: String?

    package var isSecure: Bool { scheme == "https" }

    /// The port in the text or the scheme's own.
    package var effectivePort: Int { port ?? (isSecure ? 443 : 80) }

    /// The host as it stands in a URL: IPv6 in brackets.
    package var hostText: String { host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host }

    /// `scheme://host[:port]`, without the scheme's own port (RFC 6454).
    package var origin: String {
        let isDefault = effectivePort == (isSecure ? 443 : 80)
        return scheme + "://" + hostText + (isDefault ? "" : ":\(effectivePort)")
    }
}
