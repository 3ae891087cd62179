import Yams

extension Document {
    /// Stops a text whose aliases could expand without bound before the parser compares expanded keys.
    ///
    /// Anchors are refused afterwards with their exact place. This only bounds the work until then, so it is a rough look at the
    /// characters: 30 aliases reach 3^10 nodes at most. What stands in quotes after the first character does not count.
    static func refuseExpansion(_ text: String) throws(DocumentFault) {
        var anchors = 0
        var aliases = 0
        var before = UInt8(ascii: "\n")
        for byte in text.utf8 {
            if startsValue(after: before) {
                if byte == UInt8(ascii: "&") { anchors += 1 }
                if byte == UInt8(ascii: "*") { aliases += 1 }
            }
            before = byte
        }
        guard anchors == 0 || aliases <= 30 else {
            throw DocumentFault(
                position: Position(line: 1, column: 1), what: "anchors (`&name`) and aliases (`*name`) are not taken",
                mend: "write the values themselves")
        }
    }

    private static func startsValue(after byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "["), UInt8(ascii: "{"),
            UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: "\""), UInt8(ascii: "'"):
            true
        default: false
        }
    }

    /// The parser's own error in our form.
    static func fault(for error: YamlError) -> DocumentFault {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _):
            return DocumentFault(position: position(mark), what: "not YAML: \(problem)", mend: hint(for: problem))
        case .composer(_, let problem, let mark, _) where problem.contains("another document"):
            return DocumentFault(position: position(mark), what: "a second document begins here", mend: "keep one in the file")
        case .composer(_, let problem, let mark, _):
            return DocumentFault(position: position(mark), what: "not YAML: \(problem)", mend: hint(for: problem))
        case .duplicatedKeysInMapping(let duplicates, let context):
            let names = duplicates.map(quoted).joined(separator: ", ")
            return DocumentFault(
                position: position(context.mark), what: "the key \(names) stands twice in one mapping", mend: "keep one of them")
        case .reader(let problem, _, _, _):
            return DocumentFault(position: Position(line: 1, column: 1), what: "not YAML: \(problem)", mend: "save as UTF-8")
        case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
            return DocumentFault(position: Position(line: 1, column: 1), what: "not YAML", mend: "check the file")
        }
    }

    private static func position(_ mark: Mark) -> Position { Position(line: max(1, mark.line), column: max(1, mark.column)) }

    private static func hint(for problem: String) -> String {
        if problem.contains("alias") || problem.contains("alphabetic or numeric") {
            return "put values that begin with `*` or `&` in quotes"
        }
        if problem.contains("tab") || problem.contains("cannot start any token") {
            return "indent with spaces, and put values that begin with `%`, `@` or a backquote in quotes"
        }
        return "check indentation, brackets and quotes around here"
    }
}
