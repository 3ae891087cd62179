import Web

/// The syntax of header fields, on bytes (RFC 9110 sections 5.5, 5.6.2).
enum FieldSyntax {
    /// A `token`: a method or a field name.
    static func isToken(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy(\.isToken)
    }

    static func isToken(_ bytes: Span<UInt8>) -> Bool {
        var hasUpperCase = false
        return isToken(bytes, &hasUpperCase)
    }

    /// - Parameter hasUpperCase: becomes true where a letter is in upper case.
    static func isToken(_ bytes: Span<UInt8>, _ hasUpperCase: inout Bool) -> Bool {
        for index in bytes.indices {
            let byte = bytes[index]
            // What nearly every name is made of.
            if byte &- UInt8(ascii: "a") < 26 || byte == UInt8(ascii: "-") { continue }
            guard byte.isToken else { return false }
            if byte &- UInt8(ascii: "A") < 26 { hasUpperCase = true }
        }
        return !bytes.isEmpty
    }

    /// A value that cannot end its line or its message: no CR, LF, NUL.
    static func isValue(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 != 0 && $0 != 0x0a && $0 != 0x0d }
    }

    static func isValue(_ bytes: Span<UInt8>) -> Bool {
        var index = bytes.firstControl(in: bytes.indices)
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 0 || byte == .lineFeed || byte == .carriageReturn { return false }
            index = bytes.firstControl(in: index + 1..<bytes.count)
        }
        return true
    }

    /// A value that every protocol takes: UTF-8 without control characters but tab.
    static func isVisible(_ bytes: Span<UInt8>) -> Bool {
        var index = bytes.firstControl(in: bytes.indices)
        while index < bytes.count {
            guard bytes[index] == 0x09 else { return false }
            index = bytes.firstControl(in: index + 1..<bytes.count)
        }
        return isUTF8(bytes)
    }

    static func isUTF8(_ bytes: Span<UInt8>) -> Bool {
        bytes.firstBeyondASCII(in: bytes.indices) == bytes.count
            || bytes.withUnsafeBufferPointer { bytes in
                // Decoding and comparing is several times faster than `String(validating:as:)`.
                var text = String(decoding: bytes, as: UTF8.self)
                return text.withUTF8 { $0.elementsEqual(bytes) }
            }
    }
}

/// The text without spaces and tabs around it (`OWS`, RFC 9110 section 5.6.3).
func trimmingBlanks(_ text: some StringProtocol) -> String {
    guard let first = text.utf8.first, let last = text.utf8.suffix(1).first, first.isBlank || last.isBlank else {
        return String(text)
    }
    let trimmed = [UInt8](text.utf8).drop(while: \.isBlank).reversed().drop(while: \.isBlank).reversed()
    return String(decoding: trimmed, as: UTF8.self)
}
