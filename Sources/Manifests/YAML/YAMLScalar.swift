/// Strings as YAML scalars that every YAML 1.1 and 1.2 reader takes for the same string.
enum YAMLScalar {
    /// `text` as it is when nothing in it can be misread, else between double quotes with escapes.
    static func quoted(_ text: String) -> String {
        isPlain(text) ? text : "\"" + text.unicodeScalars.map(escaped).joined() + "\""
    }

    /// Whether a text is written as a literal block (`|`), which stands for exactly this: lines that end in one break each, begin with no space, and
    /// hold nothing that would need an escape.
    static func isLiteral(_ text: String) -> Bool {
        guard text.utf8.last == UInt8(ascii: "\n"), !text.hasPrefix(" "), !text.hasPrefix("\n"), !text.hasSuffix("\n\n") else {
            return false
        }
        return text.unicodeScalars.allSatisfy { $0 == "\n" || $0 == "\"" || $0 == "\\" || escaped($0) == String(Character($0)) }
    }

    /// Plain are only letters, digits and `_ / . -` after a first letter, `_` or `/`: no number, date, indicator or
    /// comment looks like that. The words that YAML 1.1 reads as booleans or null are not plain.
    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.utf8.first, isLetter(first) || first == UInt8(ascii: "/") else { return false }
        guard text.utf8.allSatisfy({ isLetter($0) || isDigitOrMark($0) }) else { return false }
        return !reserved.contains(text.lowercased())
    }

    private static let reserved: Set<String> = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"]

    private static func isLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
        default: false
        }
    }

    private static func isDigitOrMark(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"): true
        default: false
        }
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\"": "\\\""
        case "\\": "\\\\"
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        // Control characters, the line breaks that only YAML 1.1 knows, and the byte order mark.
        case "\0"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}", "\u{FEFF}": hexadecimal(scalar)
        default: String(Character(scalar))
        }
    }

    private static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "\\u" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }
}
