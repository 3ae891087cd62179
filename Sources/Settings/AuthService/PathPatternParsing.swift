extension PathPattern {
    /// A path in the form to which requests' paths are normalised (RFC 3986, section 6.2.2): anything else could never match.
    init(parsing text: String) throws(Complaint) {
        let isBelow = text.hasSuffix("/*")
        let path = isBelow ? String(text.dropLast()) : text
        guard path.hasPrefix("/") else { throw Complaint("does not begin with `/`", "write `/` in front") }
        if path.contains("*") { throw Complaint("has a `*` that is not the end of a `/*`", "write it like `/x/*`") }
        if path.contains(where: { "?#\\".contains($0) }) {
            throw Complaint("has `?`, `#` or a backslash", "write the path alone, without a query")
        }
        try Self.checkSegments(path)
        try Self.checkEscapes(path)
        self = isBelow ? .below(path) : .exact(path)
    }

    private static func checkSegments(_ path: String) throws(Complaint) {
        let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        if segments.dropLast().contains("") || segments.contains(".") || segments.contains("..") {
            throw Complaint("has `//`, `.` or `..` in it", "write it as the application sees it")
        }
    }

    /// Escapes are left only for what is not visible ASCII, and for `%`, `?` and `#`; with upper-case digits.
    private static func checkEscapes(_ path: String) throws(Complaint) {
        guard path.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw Complaint("has characters that are not visible ASCII", "percent-encode them, such as `%20` for a space")
        }
        for piece in path.split(separator: "%", omittingEmptySubsequences: false).dropFirst() {
            let digits = piece.prefix(2)
            guard digits.utf8.count == 2, let byte = UInt8(digits, radix: 16), digits == digits.uppercased() else {
                throw Complaint("has a `%` without two upper-case hexadecimal digits", "write it like `%2B`")
            }
            if (0x21...0x7e).contains(byte), !"%?#".utf8.contains(byte) {
                throw Complaint("has the escape `%\(digits)`", "write `\(Character(UnicodeScalar(byte)))` itself")
            }
        }
    }
}
