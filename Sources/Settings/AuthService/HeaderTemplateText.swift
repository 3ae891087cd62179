/// What fills an identity header: `email`, `realm_access.roles`, or a text with claims in braces.
enum HeaderTemplateText {
    static let shape = Shape<String>.text().then(show: { .text($0) }) { text, node, reading -> String? in
        if isSound(Array(text.utf8)) { return text }
        return reading.refuse(
            "\(quoted(text)) is neither a claim nor a text with claims in braces",
            "write it like `email`, `realm_access.roles` or `user:{sub}`; `{{` is a brace", node)
    }

    /// Every `{` has its `}`, with a name between them that holds no blank; `{{` and `}}` stand for themselves.
    private static func isSound(_ bytes: [UInt8]) -> Bool {
        let (open, close) = (UInt8(ascii: "{"), UInt8(ascii: "}"))
        guard bytes.contains(open) || bytes.contains(close) else { return isName(bytes[...]) }
        var rest = bytes[...]
        while let byte = rest.first {
            if byte == open || byte == close, rest.dropFirst().first == byte {
                rest = rest.dropFirst(2)
            } else if byte == open {
                guard let end = rest.firstIndex(of: close), isClaim(rest[(rest.startIndex + 1)..<end]) else { return false }
                rest = rest[(end + 1)...]
            } else {
                guard byte != close else { return false }
                rest = rest.dropFirst()
            }
        }
        return true
    }

    /// A name, and behind `|` what joins a list.
    private static func isClaim(_ bytes: ArraySlice<UInt8>) -> Bool {
        let parts = bytes.split(separator: UInt8(ascii: "|"), maxSplits: 1, omittingEmptySubsequences: false)
        return parts.first.map(isName) ?? false && (parts.count == 1 || !parts[1].isEmpty)
    }

    private static func isName(_ bytes: ArraySlice<UInt8>) -> Bool {
        !bytes.isEmpty && bytes.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "{") }
    }
}
