/// Writes a `YAMLValue` in block style, two spaces a level, `\n` at the end of every line. The same tree gives the same bytes.
package enum YAMLWriter {
    package static func text(_ value: YAMLValue) -> String {
        lines(value).map { $0 + "\n" }.joined()
    }

    private static func lines(_ value: YAMLValue) -> [String] {
        switch value {
        case .string(let text): [YAMLScalar.quoted(text)]
        case .integer(let number): [String(number)]
        case .boolean(let flag): [flag ? "true" : "false"]
        case .list(let items): items.isEmpty ? ["[]"] : items.flatMap(itemLines)
        case .map(let entries): entries.isEmpty ? ["{}"] : entries.flatMap(entryLines)
        case .noted(let note, let inner): comment(note) + lines(inner)
        }
    }

    private static func entryLines(_ entry: YAMLEntry) -> [String] {
        let key = YAMLScalar.quoted(entry.key) + ":"
        switch entry.value {
        case .noted(let note, let inner):
            return comment(note) + entryLines(YAMLEntry(entry.key, inner))
        case .list(let items) where !items.isEmpty:
            return [key] + lines(entry.value).map { "  " + $0 }
        case .map(let entries) where !entries.isEmpty:
            return [key] + lines(entry.value).map { "  " + $0 }
        case .string(let text) where YAMLScalar.isLiteral(text):
            return [key + " |"] + text.dropLast().split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 }
        case .string, .integer, .boolean, .list, .map:
            return [key + " " + lines(entry.value).joined()]
        }
    }

    /// The comments that head an item stand above its dash.
    private static func itemLines(_ item: YAMLValue) -> [String] {
        let all = lines(item)
        let heading = all.prefix { $0.utf8.first == UInt8(ascii: "#") }
        let body = all.dropFirst(heading.count)
        return heading + body.prefix(1).map { "- " + $0 } + body.dropFirst().map { "  " + $0 }
    }

    static func comment(_ note: StaticString) -> [String] {
        note.description.split(separator: "\n").map { "# " + $0 }
    }
}
