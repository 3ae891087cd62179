/// Writes JSON (RFC 8259) straight into bytes.
enum JSONText {
    /// Appends a string with its quotes. Everything that could end a line or hide on a terminal is escaped: control characters
    /// (C0, DEL, C1) and the line separators of Unicode.
    static func write(_ text: String, to line: inout [UInt8]) {
        line.append(quote)
        var text = text
        text.withUTF8 { bytes in
            var index = 0
            while index < bytes.count {
                index += writeEscaped(bytes, at: index, to: &line)
            }
        }
        line.append(quote)
    }

    /// Appends `"name":`, with a comma before it where it is not the first member.
    static func writeName(_ name: String, to line: inout [UInt8]) {
        if line.last != UInt8(ascii: "{") { line.append(UInt8(ascii: ",")) }
        write(name, to: &line)
        line.append(UInt8(ascii: ":"))
    }

    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")

    /// Appends the character at `index`; returns how many bytes were taken.
    private static func writeEscaped(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int, to line: inout [UInt8]) -> Int {
        let byte = bytes[index]
        switch byte {
        case quote, backslash:
            line.append(backslash)
            line.append(byte)
        case 0x0a:
            line.append(contentsOf: [backslash, UInt8(ascii: "n")])
        case 0x0d:
            line.append(contentsOf: [backslash, UInt8(ascii: "r")])
        case 0x09:
            line.append(contentsOf: [backslash, UInt8(ascii: "t")])
        case 0..<0x20, 0x7f:
            writeUnicode(UInt16(byte), to: &line)
        case 0xc2 where index + 1 < bytes.count && bytes[index + 1] < 0xa0:
            writeUnicode(UInt16(bytes[index + 1]), to: &line)  // C1: U+0080 to U+009F
            return 2
        case 0xe2 where index + 2 < bytes.count && bytes[index + 1] == 0x80 && (0xa8...0xa9).contains(bytes[index + 2]):
            writeUnicode(0x2000 + UInt16(bytes[index + 2] & 0x3f), to: &line)  // U+2028, U+2029
            return 3
        default:
            line.append(byte)
        }
        return 1
    }

    private static func writeUnicode(_ scalar: UInt16, to line: inout [UInt8]) {
        line.append(contentsOf: [backslash, UInt8(ascii: "u")])
        for shift in [12, 8, 4, 0] {
            let digit = UInt8(truncatingIfNeeded: scalar >> shift) & 0xf
            line.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }
}
