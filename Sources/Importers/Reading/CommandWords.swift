/// The words of a command line, as a shell would pass them on; nothing is expanded.
enum CommandWords {
    struct Word: Equatable {
        var text: String
        var line: Int
    }

    /// Quotes, backslashes and comments count as in a shell; a line's end is a blank.
    static func split(_ text: String) throws(ImportProblem) -> [Word] {
        var words: [Word] = []
        var (word, quote, line) = (Word?.none, Character?.none, 1)
        var rest = text.replacing("\r\n", with: "\n")[...]
        while let next = rest.popFirst() {
            if let open = quote {
                if next == open {
                    quote = nil
                } else {
                    word?.text.append(next == "\\" && open == "\"" ? rest.popFirst() ?? next : next)
                }
            } else if next == "'" || next == "\"" {
                quote = next
                word = word ?? Word(text: "", line: line)
            } else if next == "\\" {
                guard let escaped = rest.popFirst() else { break }
                if escaped == "\n" { line += 1 } else { word = appending(escaped, word, line) }
            } else if next == "#", word == nil {
                rest = rest.drop { $0 != "\n" }
            } else if next.isWhitespace {
                if let done = word { words.append(done) }
                word = nil
            } else {
                word = appending(next, word, line)
            }
            if next == "\n" { line += 1 }
        }
        if quote != nil { throw ImportProblem(text: "line \(line): a quote has no end") }
        return words + [word].compactMap { $0 }
    }

    private static func appending(_ character: Character, _ word: Word?, _ line: Int) -> Word {
        var word = word ?? Word(text: "", line: line)
        word.text.append(character)
        return word
    }
}

/// Lines `NAME=value`, as in files of environment variables (`export` in front is passed over).
enum Assignments {
    struct Assignment: Equatable {
        var name: String
        var value: String
        var line: Int
    }

    static func read(_ text: String) throws(ImportProblem) -> [Assignment] {
        var result: [Assignment] = []
        for (number, line) in text.replacing("\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            let content = line.trimmed
            if content.isEmpty || content.hasPrefix("#") { continue }
            guard let assignment = assignment(content, number + 1) else {
                throw ImportProblem(text: "line \(number + 1): this is no `NAME=value`")
            }
            result.append(assignment)
        }
        return result
    }

    static func isAssignment(_ line: Substring) -> Bool { assignment(line.trimmed, 0) != nil }

    private static func assignment(_ line: String, _ number: Int) -> Assignment? {
        let content = line.hasPrefix("export ") ? String(line.dropFirst("export ".count)).trimmed : line
        guard let sign = content.firstIndex(of: "=") else { return nil }
        let name = content[..<sign]
        guard let first = name.first, !first.isNumber,
            name.allSatisfy({ $0.isASCII && ($0.isUppercase || $0.isNumber || $0 == "_") })
        else {
            return nil
        }
        return Assignment(name: String(name), value: unquoted(content[content.index(after: sign)...].trimmed), line: number)
    }

    private static func unquoted(_ value: String) -> String {
        guard let quote = value.first, quote == "\"" || quote == "'", value.count > 1, value.last == quote else { return value }
        return String(value.dropFirst().dropLast())
    }
}

extension ForeignText {
    /// `true` and `false` in the spellings that Go's programs take.
    static func boolean(_ text: String) -> String {
        switch text {
        case "1", "t", "T", "TRUE", "True", "true": "true"
        case "0", "f", "F", "FALSE", "False", "false": "false"
        default: text
        }
    }
}

extension StringProtocol {
    /// Without the blanks around it.
    var trimmed: String {
        let head = drop { $0.isWhitespace }
        return String(head.reversed().drop { $0.isWhitespace }.reversed())
    }
}
