extension ConfiguredURL {
    /// Strict: absolute http or https, visible ASCII, no user, no fragment, no `.` or `..` segments, whole percent escapes.
    init(parsing text: String) throws(Complaint) {
        try Self.checkCharacters(text)
        guard let scheme = ["https", "http"].first(where: { text.hasPrefix($0 + "://") }) else {
            throw Complaint("\(quoted(text)) is not an absolute URL", "begin it with `https://` or `http://`")
        }
        let rest = text.dropFirst(scheme.count + 3)
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let authority = rest[..<end]
        if authority.contains("@") { throw Complaint("\(quoted(text)) names a user", "remove what stands before the `@`") }
        guard let (host, port) = HostName.parseWithPort(authority), port != 0 else {
            throw Complaint("\(quoted(String(authority))) is not a host with or without a port", "write `host` or `host:8443`")
        }
        let pathEnd = rest[end...].firstIndex(of: "?") ?? rest.endIndex
        let path = String(rest[end..<pathEnd])
        try Self.checkSegments(path)
        let query = pathEnd < rest.endIndex ? String(rest[pathEnd...].dropFirst()) : nil
        self.init(text: text, scheme: scheme, host: host, port: port, path: path, query: query)
    }

    private static func checkCharacters(_ text: String) throws(Complaint) {
        let refused = Set("\"<>\\^`{|} ".utf8)
        guard text.utf8.allSatisfy({ (0x21...0x7e).contains($0) && !refused.contains($0) }) else {
            throw Complaint("\(quoted(text)) has characters that no URL has", "percent-encode or remove them")
        }
        if text.utf8.contains(UInt8(ascii: "#")) {
            throw Complaint("\(quoted(text)) has a fragment", "remove the `#` and what follows")
        }
        let pieces = text.utf8.split(separator: UInt8(ascii: "%"), omittingEmptySubsequences: false).dropFirst()
        guard pieces.allSatisfy({ $0.count >= 2 && $0.prefix(2).allSatisfy { Character(UnicodeScalar($0)).isHexDigit } }) else {
            throw Complaint("\(quoted(text)) has a `%` without two hexadecimal digits", "write `%25` for a percent sign")
        }
    }

    private static func checkSegments(_ path: String) throws(Complaint) {
        let segments = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        let dot = UInt8(ascii: ".")
        guard !segments.contains(where: { (1...2).contains($0.count) && $0.allSatisfy { $0 == dot } }) else {
            throw Complaint("the path \(quoted(path)) has `.` or `..` in it", "write the path that is meant")
        }
    }

    /// Whether only this machine is meant: then http is as good as https.
    package var isLoopback: Bool { HostName.isLoopback(host) }
}

extension Shape where Value == ConfiguredURL {
    private static var schema: SchemaNode { .object([("type", .text("string")), ("format", .text("uri"))]) }

    /// An issuer identifier (OpenID Connect Discovery, section 3): https, or http on this machine; no query.
    static func issuer() -> Shape {
        .scalar(schema, show: { .text($0.text) }) { text throws(Complaint) in
            let url = try ConfiguredURL(parsing: text)
            if url.query != nil { throw Complaint("an issuer has no query", "remove the `?` and what follows") }
            guard url.isSecure || url.isLoopback else {
                throw Complaint("the issuer \(quoted(text)) is http on another machine", "use https; http is for loopback only")
            }
            return url
        }
    }

    /// An origin: scheme, host and port, nothing behind.
    static func origin() -> Shape {
        .scalar(schema, show: { .text($0.text) }) { text throws(Complaint) in
            let url = try ConfiguredURL(parsing: text)
            guard url.path.isEmpty, url.query == nil else {
                throw Complaint("a public URL has no path", "write `\(url.origin)`")
            }
            return url
        }
    }
}
