import Yams

extension PathPattern {
    /// A list of paths in which a word may stand for several.
    static let listShape = Shape<[[PathPattern]]>.list(of: element).then { lists, _, _ in lists.flatMap { $0 } }

    /// What a word in place of a path means: the paths that certificate authorities and probes ask for.
    private static let presets: [String: [PathPattern]] = [
        "acme": [.below("/.well-known/acme-challenge/")],
        "health": [.exact("/healthz"), .exact("/livez"), .exact("/readyz"), .exact("/health")],
    ]

    private static let element = Shape<String>.text().then { text, node, reading -> [PathPattern]? in
        if let preset = presets[text] { return preset }
        do throws(Complaint) {
            return [try PathPattern(parsing: text)]
        } catch {
            return reading.refuse("the path \(quoted(text)) " + error.what, error.mend, node)
        }
    }

    /// A path in the form to which requests' paths are normalised (RFC 3986, section 6.2.2): anything else could never match.
    init(parsing text: String) throws(Complaint) {
        let end = ["/**", "/*"].first { text.hasSuffix($0) }
        // The slash stays.
        let path = end.map { String(text.dropLast($0.utf8.count - 1)) } ?? text
        guard path.hasPrefix("/") else { throw Complaint("does not begin with `/`", "write `/` in front") }
        if path.contains(where: { "?#\\".contains($0) }) {
            throw Complaint("has `?`, `#` or a backslash", "write the path alone, without a query")
        }
        try Self.checkSegments(path)
        try Self.checkEscapes(path)
        if path.contains("*") {
            self = .glob(try Self.segments(of: path, isBelow: end != nil), isBelow: end != nil)
        } else {
            self = end == nil ? .exact(path) : .below(path)
        }
    }

    /// - Parameter path: ends in a slash where everything below it is meant.
    private static func segments(of path: String, isBelow: Bool) throws(Complaint) -> [PathSegment] {
        let names = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().dropLast(isBelow ? 1 : 0)
        var segments: [PathSegment] = []
        for name in names {
            switch name {
            case "**":
                guard !segments.contains(.anySegments) else { throw Complaint("has two `**`", "write one of them as `*`") }
                segments.append(.anySegments)
            case _ where name.hasPrefix("*") && !name.dropFirst().contains("*"):
                segments.append(.one(suffix: String(name.dropFirst())))
            case _ where name.contains("*"):
                throw Complaint("has a `*` that does not begin a segment", "write it like `/x/*`, `/x/*/y` or `/x/*.css`")
            default: segments.append(.literal(String(name)))
            }
        }
        // `/**/*`: everything below whatever is above is everything.
        while isBelow, segments.last == .anySegments { segments.removeLast() }
        return segments
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
