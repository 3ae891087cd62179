/// Search filters as text (RFC 4515). What comes from people or from the directory goes in escaped.
package enum LDAPFilter {
    /// Section 3: `*`, `(`, `)`, `\` and NUL; every byte that is not plain ASCII as well.
    package static func escaped(_ value: String) -> String {
        var text: [UInt8] = []
        for byte in value.utf8 {
            if (0x20..<0x7f).contains(byte), !special.contains(byte) {
                text.append(byte)
            } else {
                text += [UInt8(ascii: "\\"), digit(byte >> 4), digit(byte & 0xf)]
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    package static func equal(_ attribute: String, _ value: String) -> String { "(\(attribute)=\(escaped(value)))" }

    /// For a value that is no text and was written as hexadecimal digits (`LDAPEntry.values`); nil for other texts.
    package static func binary(_ attribute: String, _ digits: String) -> String? {
        let bytes = Array(digits.utf8)
        let isHexadecimal = bytes.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        guard !bytes.isEmpty, bytes.count.isMultiple(of: 2), isHexadecimal else { return nil }
        let escaped = stride(from: 0, to: bytes.count, by: 2).flatMap { [UInt8(ascii: "\\"), bytes[$0], bytes[$0 + 1]] }
        return "(\(attribute)=\(String(decoding: escaped, as: UTF8.self)))"
    }

    /// Any of them; `filters` has at least one.
    package static func any(_ filters: [String]) -> String {
        filters.count == 1 ? filters[0] : "(|\(filters.joined()))"
    }

    /// - Parameter configured: in parentheses, as the operator wrote it.
    package static func both(_ configured: String?, _ filter: String) -> String {
        configured.map { "(&\($0)\(filter))" } ?? filter
    }

    private static let special: Set<UInt8> = [
        UInt8(ascii: "*"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "\\"),
    ]

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10 }
}
