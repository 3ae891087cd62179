/// The syntax of header fields, on bytes (RFC 9110 sections 5.5, 5.6.2).
enum FieldSyntax {
    /// A `token`: a method or a field name.
    static func isToken(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy(isTokenByte)
    }

    /// A value that cannot end its line or its message: no CR, LF, NUL.
    static func isValue(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 != 0 && $0 != 0x0a && $0 != 0x0d }
    }

    /// The HTTP/1 decoder puts U+FFFD in place of bytes that are no UTF-8: what is left is not what the client sent.
    static func isExact(_ text: String) -> Bool {
        !text.unicodeScalars.contains("\u{FFFD}")
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true  // digits and letters
        case 0x21, 0x23...0x27, 0x2a, 0x2b, 0x2d, 0x2e, 0x5e...0x60, 0x7c, 0x7e: true  // !#$%&'*+-.^_`|~
        default: false
        }
    }
}

/// The text without spaces and tabs around it (`OWS`, RFC 9110 section 5.6.3).
func trimmingBlanks(_ text: some StringProtocol) -> String {
    let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
    guard let first = text.utf8.first, let last = text.utf8.suffix(1).first, isBlank(first) || isBlank(last) else {
        return String(text)
    }
    let trimmed = [UInt8](text.utf8).drop(while: isBlank).reversed().drop(while: isBlank).reversed()
    return String(decoding: trimmed, as: UTF8.self)
}
