/// Redirect URIs of clients: absolute and exact (RFC 6749, section 3.1.2; RFC 9700, section 2.1).
enum RedirectURI {
    /// Schemes that a browser runs or reads locally instead of going somewhere.
    private static let refusedSchemes: Set<String> = ["javascript", "data", "vbscript", "file", "blob", "about", "filesystem"]

    static func parse(_ text: String) throws(Complaint) -> String {
        if text.utf8.contains(UInt8(ascii: "*")) {
            throw Complaint("the redirect URI \(quoted(text)) has a wildcard", "write each URI in full")
        }
        if text.hasPrefix("http://") || text.hasPrefix("https://") { return try ConfiguredURL(parsing: text).text }
        guard let scheme = scheme(of: text) else {
            throw Complaint(
                "the redirect URI \(quoted(text)) is not absolute", "write it in full, such as `https://app.example.com/callback`"
            )
        }
        guard !refusedSchemes.contains(scheme), scheme != "http", scheme != "https" else {
            throw Complaint(
                "the redirect URI \(quoted(text)) has a scheme that is not taken", "use https, or an application's own scheme")
        }
        guard text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }), !text.utf8.contains(UInt8(ascii: "#")) else {
            throw Complaint("the redirect URI \(quoted(text)) has a fragment or characters that no URI has", "remove them")
        }
        return text
    }

    /// The scheme in lower case, nil where the text has none (RFC 3986, section 3.1).
    private static func scheme(of text: String) -> String? {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let scheme = text[..<colon].lowercased()
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        guard let first = scheme.utf8.first, letters.contains(first), text.utf8.count > scheme.utf8.count + 1 else { return nil }
        let others = Set("0123456789+-.".utf8)
        return scheme.utf8.allSatisfy { letters.contains($0) || others.contains($0) } ? scheme : nil
    }
}

extension Shape where Value == String {
    static func redirectURI() -> Shape {
        .scalar(.object([("type", .text("string")), ("format", .text("uri"))]), parse: RedirectURI.parse)
    }

    /// An http or https URL that a client is told of sign-outs at (OpenID Connect Back-Channel and Front-Channel Logout).
    static func logoutURI() -> Shape {
        .scalar(.object([("type", .text("string")), ("format", .text("uri"))])) { text throws(Complaint) in
            guard text.hasPrefix("http://") || text.hasPrefix("https://") else {
                throw Complaint("\(quoted(text)) is no http or https URL", "write it like `https://app.example.com/logout`")
            }
            return try ConfiguredURL(parsing: text).text
        }
    }
}
