import JOSE

/// The code that people type (RFC 8628 §6.1): eight of twenty consonants, so that no word comes of it; 34 bits.
struct UserCode: Sendable {
    private static let letters = Array("BCDFGHJKLMNPQRSTVWXZ".utf8)
    private static let length = 8

    /// Without the hyphen.
    private let text: String

    init(randomness: Randomness) {
        var code: [UInt8] = []
        while code.count < Self.length {
            // Bytes beyond the last whole multiple of twenty would make some letters likelier.
            code += randomness.bytes(Self.length).filter { $0 < 240 }.map { Self.letters[Int($0) % Self.letters.count] }
        }
        text = String(decoding: code.prefix(Self.length), as: UTF8.self)
    }

    /// As typed: in any case of letters, with blanks and punctuation anywhere. `nil` for what never is one.
    init?(typed: String) {
        guard typed.utf8.count <= 64 else { return nil }
        let kept = typed.utf8.compactMap { byte -> UInt8? in
            let upper = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) ? byte - 0x20 : byte
            return Self.letters.contains(upper) ? upper : nil
        }
        guard kept.count == Self.length else { return nil }
        text = String(decoding: kept, as: UTF8.self)
    }

    /// `ABCD-EFGH`
    var shown: String { "\(text.prefix(4))-\(text.suffix(4))" }

    var digest: SecretDigest { .name("user-code", text) }
}
