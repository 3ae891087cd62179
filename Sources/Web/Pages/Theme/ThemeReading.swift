extension PageTheme {
    /// A theme out of the files of its directory; what a file does not change stays ours.
    /// - Returns: every problem at once, where there is one.
    package static func read(_ files: [ThemeFile]) -> Result<PageTheme, ThemeProblems> {
        var reading = ThemeReading()
        for file in files.sorted(by: { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }) { reading.take(file) }
        return reading.result
    }
}

/// At least one problem, by file and line.
package struct ThemeProblems: Error, Sendable {
    package let all: [ThemeProblem]
}

/// Takes the files of a theme one by one.
private struct ThemeReading {
    private static let maximumFiles = 100
    private static let maximumFileBytes = 1 << 20

    private var css = ""
    private var logo: Assets.Asset?
    private var files: [Assets.Asset] = []
    private var templates: [PageTemplate.Name: PageTemplate] = [:]
    private var hasFonts = false
    private var problems: [ThemeProblem] = []
    private var count = 0

    var result: Result<PageTheme, ThemeProblems> {
        guard problems.isEmpty else { return .failure(ThemeProblems(all: problems)) }
        let stylesheet = css.isEmpty ? Assets.stylesheet : Assets.stylesheet(adding: css)
        return .success(
            PageTheme(
                stylesheet: stylesheet, logo: logo ?? Assets.logo, files: files, templates: templates, hasFonts: hasFonts))
    }

    mutating func take(_ file: ThemeFile) {
        count += 1
        guard count <= Self.maximumFiles, file.bytes.count <= Self.maximumFileBytes else {
            return note(file, 1, "the theme is too large", "at most \(Self.maximumFiles) files of 1 MiB each belong to it")
        }
        guard let role = ThemeRole(path: file.path) else {
            let names = PageTemplate.Name.allCases.map { "templates/\($0.rawValue).html" }.joined(separator: ", ")
            return note(
                file, 1, "the file is no part of a theme",
                "remove it; a theme has theme.css, logo.svg or logo.png, \(names), and files/ with svg, png, jpg, webp and woff2")
        }
        hasFonts = hasFonts || role.isFont
        switch role {
        case .stylesheet: if let text = text(file) { takeStylesheet(text, file) }
        case .template(let name): if let text = text(file) { takeTemplate(text, name, file) }
        case .logo(let type): takeLogo(type, file)
        case .file(let name, let type): files.append(Assets.Asset(name: name, contentType: type, bytes: file.bytes))
        }
    }

    private mutating func takeLogo(_ contentType: String, _ file: ThemeFile) {
        guard logo == nil else { return note(file, 1, "there are two logos", "keep logo.svg or logo.png") }
        let suffix = contentType == "image/png" ? "png" : "svg"
        logo = Assets.Asset(stem: "logo", suffix: suffix, contentType: contentType, bytes: file.bytes)
    }

    private mutating func takeStylesheet(_ text: String, _ file: ThemeFile) {
        css = text
        for (line, words) in Self.lines(text) where words.contains("@import") || words.contains("://") || words.contains("url(//")
        {
            note(file, line, "it loads from elsewhere", "put the file into files/ and name it alone: `url(background.png)`")
        }
    }

    private mutating func takeTemplate(_ text: String, _ name: PageTemplate.Name, _ file: ThemeFile) {
        let before = problems.count
        for (line, words) in Self.lines(text) {
            for rule in TemplateRule.all where rule.isBroken(words, name) { note(file, line, rule.what, rule.mend) }
        }
        guard problems.count == before else { return }
        switch PageTemplate.parsed(text) {
        case .success(let template): templates[name] = template
        case .failure(let fault):
            note(file, fault.line, "the template does not parse: \(fault.what)", "close every `{{#name}}` with `{{/name}}`")
        }
    }

    private mutating func text(_ file: ThemeFile) -> String? {
        if let text = String(validating: file.bytes, as: UTF8.self) { return text }
        note(file, 1, "the file is no UTF-8", "save it as UTF-8")
        return nil
    }

    private mutating func note(_ file: ThemeFile, _ line: Int, _ what: String, _ mend: String) {
        problems.append(ThemeProblem(path: file.path, line: line, what: what, mend: mend))
    }

    /// Lower case, with their numbers.
    private static func lines(_ text: String) -> [(number: Int, words: String)] {
        text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated().map { index, line in
            (number: index + 1, words: String(decoding: line, as: UTF8.self).lowercased())
        }
    }
}

/// What a template may not hold, since the pages' policy forbids it or it would let text of a user's become HTML.
private struct TemplateRule: Sendable {
    let what: String
    let mend: String
    let isBroken: @Sendable (String, PageTemplate.Name) -> Bool

    static let all = [
        TemplateRule(what: "it has a script", mend: "remove it: no page of ours runs one") { words, _ in
            words.contains("<script") || words.contains("javascript:")
        },
        TemplateRule(what: "it has a style of its own", mend: "move it to theme.css") { words, _ in
            words.contains("<style") || words.firstRange(of: /\sstyle\s*=/) != nil
        },
        TemplateRule(what: "it has an event handler", mend: "remove it: no page of ours runs one") { words, _ in
            words.firstRange(of: /\son[a-z]+\s*=/) != nil
        },
        TemplateRule(what: "it changes how text is escaped", mend: "remove `{{%` and `{{=`") { words, _ in
            words.firstRange(of: /\{\{\s*[%=]/) != nil
        },
        TemplateRule(what: "it puts text in as HTML", mend: "write `{{name}}`; only the document has `{{{content}}}`") {
            words, name in
            let raw = words.matches(of: /\{\{\{\s*([a-z]*)\s*\}\}\}|\{\{\s*&\s*([a-z]*)/)
            return raw.contains { !(name == .document && ($0.output.1 ?? $0.output.2) == "content") }
        },
    ]
}
