/// base64url without padding (RFC 4648 §5, RFC 7515 §2), strict: no padding, no blanks, and only the one canonical spelling.
package enum Base64URL {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    private static let values: [UInt8] = {
        var table = [UInt8](repeating: 0xFF, count: 256)
        for (value, letter) in alphabet.enumerated() { table[Int(letter)] = UInt8(value) }
        return table
    }()

    package static func encode(_ bytes: some Collection<UInt8>) -> String {
        let bytes = Array(bytes)
        var letters: [UInt8] = []
        letters.reserveCapacity((bytes.count * 4 + 2) / 3)
        append(bytes.span, to: &letters)
        return String(decoding: letters, as: UTF8.self)
    }

    /// Appends the letters for `bytes`.
    package static func append(_ bytes: Span<UInt8>, to letters: inout [UInt8]) {
        alphabet.withUnsafeBufferPointer { alphabet in
            func letter(_ bits: UInt32) -> UInt8 { alphabet[Int(truncatingIfNeeded: bits & 0x3F)] }
            var index = 0
            while index + 3 <= bytes.count {
                let word = UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2])
                letters.append(letter(word >> 18))
                letters.append(letter(word >> 12))
                letters.append(letter(word >> 6))
                letters.append(letter(word))
                index += 3
            }
            guard index < bytes.count else { return }
            let second = index + 1 < bytes.count ? bytes[index + 1] : nil
            let word = UInt32(bytes[index]) << 16 | UInt32(second ?? 0) << 8
            letters.append(letter(word >> 18))
            letters.append(letter(word >> 12))
            if second != nil { letters.append(letter(word >> 6)) }
        }
    }

    /// `nil` for any letter outside the alphabet, an impossible length, or unused bits that are not zero.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? { decode(letters: Array(text.utf8)[...]) }

    /// The same of ASCII letters.
    package static func decode(letters: ArraySlice<UInt8>) -> [UInt8]? {
        let values = values
        var bytes = [UInt8](repeating: 0, count: letters.count * 3 / 4)
        var end = 0
        var buffer: UInt32 = 0
        var bits: UInt32 = 0
        for letter in letters {
            let value = values[Int(letter)]
            guard value != 0xFF else { return nil }
            buffer = (buffer << 6) | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes[end] = UInt8(truncatingIfNeeded: buffer >> bits)
                end += 1
                buffer &= (1 << bits) - 1
            }
        }
        // Six left-over bits would be a lone letter; two or four must be zero, or two texts would mean the same bytes.
        guard bits < 6, buffer == 0 else { return nil }
        return bytes
    }
}
