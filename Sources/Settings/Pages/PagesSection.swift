/// `pages`
enum PagesSection {
    static let theme = Key.optional(
        "theme", themePath, "A directory with theme.css, logo.svg, templates/ and files/: what pages look like.")

    static let section = Section("pages", [theme.listed]) { fields in PagesSettings(theme: fields(theme)) }

    private static let themePath = Shape<String>.text().then { text, node, reading -> String? in
        let path = reading.path(of: text)
        reading.mark(node, as: .folder(path: path))
        return path
    }
}
