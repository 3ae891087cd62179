import Yams

/// The part of TOML that files of options use: `key = value` with strings, numbers, booleans and lists of them, which may go on over
/// several lines; comments. Tables and dates are refused.
struct OptionFile {
    struct Entry {
        var key: String
        /// A scalar, or a sequence of scalars.
        var value: Node
        var line: Int
    }

    private var rest: Substring.UnicodeScalarView
    private var line = 1
    private(set) var entries: [Entry] = []

    /// Throws at the first line that is none of these.
    init(_ text: String) throws(ImportProblem) {
        rest = Substring(text.replacing("\r\n", with: "\n")).unicodeScalars
        skipLines()
        while !rest.isEmpty {
            try readEntry()
            skipLines()
        }
    }

    private mutating func readEntry() throws(ImportProblem) {
        let first = line
        let key = try readKey()
        skipBlanks()
        guard take("=") else { throw fault("`=` is missing behind `\(key)`") }
        skipBlanks()
        entries.append(Entry(key: key, value: try readValue(), line: first))
        skipBlanks()
        skipComment()
        guard rest.isEmpty || rest.first == "\n" else { throw fault("the value of `\(key)` is followed by something else") }
    }

    private mutating func readKey() throws(ImportProblem) -> String {
        if rest.first == "[" { throw fault("tables of TOML have no meaning in this file") }
        if rest.first == "\"" || rest.first == "'" { return try readString() }
        let key = takeWhile { $0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "_" || $0 == "-" }
        guard !key.isEmpty else { throw fault("this is no `key = value`") }
        return key
    }

    private mutating func readValue() throws(ImportProblem) -> Node {
        switch rest.first {
        case "\"", "'": return Node(try readString(), .implicit, .doubleQuoted)
        case "[": return try readList()
        default:
            let word = takeWhile { !" \t\n,]#".unicodeScalars.contains($0) }
            guard Self.isWord(word) else { throw fault("the value is no text in quotes, number, `true`, `false` or list") }
            return Node(word.replacing("_", with: ""), .implicit, .plain)
        }
    }

    private static func isWord(_ word: String) -> Bool {
        let digits = word.hasPrefix("-") || word.hasPrefix("+") ? word.dropFirst() : word[...]
        let isNumber =
            !digits.isEmpty && digits.unicodeScalars.allSatisfy { ("0"..."9").contains($0) || "._eE".unicodeScalars.contains($0) }
        return isNumber || word == "true" || word == "false"
    }

    private mutating func readList() throws(ImportProblem) -> Node {
        var items: [Node] = []
        _ = take("[")
        skipLines()
        while !take("]") {
            guard !rest.isEmpty else { throw fault("a list does not end") }
            guard rest.first != "[" else { throw fault("a list within a list has no meaning in this file") }
            items.append(try readValue())
            skipLines()
            if rest.first != "]", !take(",") { throw fault("a `,` is missing in the list") }
            skipLines()
        }
        return Node(items)
    }
}

extension OptionFile {
    private mutating func readString() throws(ImportProblem) -> String {
        guard let quote = rest.first else { throw fault("a text is missing") }
        let triple = String(repeating: Character(quote), count: 3)
        if rest.starts(with: triple.unicodeScalars) {
            rest = rest.dropFirst(3)
            if rest.first == "\n" { advance() }
            return try readString(until: triple, escapes: quote == "\"", overLines: true)
        }
        rest = rest.dropFirst()
        return try readString(until: String(Character(quote)), escapes: quote == "\"", overLines: false)
    }

    private mutating func readString(until end: String, escapes: Bool, overLines: Bool) throws(ImportProblem) -> String {
        var text = String.UnicodeScalarView()
        while !rest.starts(with: end.unicodeScalars) {
            guard let next = rest.first, overLines || next != "\n" else { throw fault("a text has no end") }
            advance()
            guard escapes, next == "\\" else {
                text.append(next)
                continue
            }
            if overLines, rest.first == "\n" {
                skipLines(comments: false)
            } else {
                text.append(try readEscape())
            }
        }
        rest = rest.dropFirst(end.unicodeScalars.count)
        return String(text)
    }

    private mutating func readEscape() throws(ImportProblem) -> Unicode.Scalar {
        let simple: [Unicode.Scalar: Unicode.Scalar] = [
            "b": "\u{8}", "t": "\t", "n": "\n", "f": "\u{C}", "r": "\r", "\"": "\"", "\\": "\\",
        ]
        guard let letter = rest.popFirst() else { throw fault("a text has no end") }
        if let scalar = simple[letter] { return scalar }
        let count = letter == "u" ? 4 : letter == "U" ? 8 : 0
        let digits = String(rest.prefix(count))
        guard count > 0, digits.unicodeScalars.count == count, let value = UInt32(digits, radix: 16),
            let scalar = Unicode.Scalar(value)
        else { throw fault("`\\\(letter)` has no meaning in a text; write `\\\\` for a backslash, or the text in single quotes") }
        rest = rest.dropFirst(count)
        return scalar
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard rest.first == scalar else { return false }
        advance()
        return true
    }

    private mutating func takeWhile(_ holds: (Unicode.Scalar) -> Bool) -> String {
        let text = String(rest.prefix(while: holds))
        rest = rest.dropFirst(text.unicodeScalars.count)
        return text
    }

    private mutating func advance() {
        if rest.popFirst() == "\n" { line += 1 }
    }

    private mutating func skipBlanks() {
        while let next = rest.first, " \t".unicodeScalars.contains(next) { advance() }
    }

    private mutating func skipComment() {
        guard rest.first == "#" else { return }
        while let next = rest.first, next != "\n" { advance() }
    }

    private mutating func skipLines(comments: Bool = true) {
        while let next = rest.first, " \t\n".unicodeScalars.contains(next) || (comments && next == "#") {
            if next == "#" { skipComment() } else { advance() }
        }
    }

    private func fault(_ what: String) -> ImportProblem { ImportProblem(text: "line \(line): \(what)") }
}
