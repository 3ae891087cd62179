/// The session cookie's attributes (RFC 6265bis).
package struct CookieSettings: Sendable, Equatable {
    package enum SameSite: String, Sendable, CaseIterable {
        case lax, strict, none
    }

    /// When the `Secure` attribute is set.
    package enum Security: String, Sendable, CaseIterable {
        /// On hosts whose public URL is https.
        case auto
        case always
        case never
    }

    /// The cookie's name, or the stem of the names where several are needed.
    package var name: String
    /// The `Domain` attribute of the hosts at and below each, lower case, without a leading dot; none makes host-only cookies.
    package var domains: [String]
    package var sameSite: SameSite
    package var secure: Security
    /// Whether applications see none of our cookies.
    package var strip: Bool
}
