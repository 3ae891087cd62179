/// One file of a theme's directory.
package struct ThemeFile: Sendable {
    /// From the theme's directory on, with `/` between: `templates/login.html`.
    package let path: String
    package let bytes: [UInt8]

    package init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }
}

/// What is wrong with a file of a theme, and how to mend it.
package struct ThemeProblem: Error, Sendable, Equatable {
    package let path: String
    /// From 1 on.
    package let line: Int
    package let what: String
    package let mend: String
}

/// What a file of a theme is for, by where it stands.
enum ThemeRole: Equatable {
    case stylesheet
    case logo(contentType: String)
    case template(PageTemplate.Name)
    /// Served under its own name beside the stylesheet.
    case file(name: String, contentType: String)

    init?(path: String) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let suffix = path.split(separator: ".").last.map(String.init) ?? ""
        switch (parts.count, parts[0]) {
        case (1, "theme.css"): self = .stylesheet
        case (1, "logo.svg"), (1, "logo.png"): self = .logo(contentType: Self.contentTypes[suffix] ?? "")
        case (2, "templates") where parts[1].hasSuffix(".html"):
            guard let name = PageTemplate.Name(rawValue: String(parts[1].dropLast(5))) else { return nil }
            self = .template(name)
        case (2, "files"):
            guard let type = Self.contentTypes[suffix], Self.isPlain(parts[1]) else { return nil }
            self = .file(name: parts[1], contentType: type)
        default: return nil
        }
    }

    var isFont: Bool { if case .file(_, let type) = self { type.hasPrefix("font/") } else { false } }

    private static let contentTypes = [
        "svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg", "webp": "image/webp", "woff2": "font/woff2",
    ]

    private static func isPlain(_ name: String) -> Bool {
        name.utf8.first != UInt8(ascii: ".")
            && name.utf8.allSatisfy {
                $0.isAlphanumeric || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_")
            }
    }
}
