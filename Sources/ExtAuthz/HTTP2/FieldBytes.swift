/// Which bytes a field of HTTP/2 is made of (RFC 9113 section 8.2.1).
enum FieldBytes {
    /// Lower case, visible, no colon, not empty.
    static func isName(_ name: String) -> Bool {
        var name = name
        return name.withUTF8 { bytes in
            !bytes.isEmpty && bytes.allSatisfy { $0 > 0x20 && $0 < 0x7f && !(0x41...0x5a).contains($0) && $0 != 0x3a }
        }
    }

    /// No NUL, LF, CR; no blank around it.
    static func isValue(_ value: String) -> Bool {
        var value = value
        return value.withUTF8 { bytes in
            guard let first = bytes.first, let last = bytes.last else { return true }
            return !isBlank(first) && !isBlank(last) && bytes.allSatisfy { $0 > 0x0d || ($0 != 0 && $0 != 0x0a && $0 != 0x0d) }
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
