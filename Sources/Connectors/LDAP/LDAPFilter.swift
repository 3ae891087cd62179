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
