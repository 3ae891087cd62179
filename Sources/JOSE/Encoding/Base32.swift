/// Base32 (RFC 4648 §6) without padding: what authenticator apps and people read keys and codes in.
package enum Base32 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var letters: [UInt8] = []
        var (pending, count) = (0, 0)
        for byte in bytes {
            pending = (pending << 8 | Int(byte)) & 0xFFFF
            count += 8
            while count >= 5 {
                count -= 5
                letters.append(alphabet[pending >> count & 31])
            }
        }
        if count > 0 { letters.append(alphabet[pending << (5 - count) & 31]) }
        return String(decoding: letters, as: UTF8.self)
    }
}
