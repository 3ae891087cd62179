import JOSE

/// The form of a personal token: `gh_pat_`, 43 random letters and digits (256 bits), and a checksum of 6 more. Scanners for secrets know
/// it by its beginning and check the end, and so do we before anybody is asked.
enum PersonalTokenText {
    static let prefix = "gh_pat_"
    private static let randomLetters = 43
    private static let checksumLetters = 6
    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    static func make(_ randomness: Randomness) -> Secret {
        var letters: [UInt8] = []
        while letters.count < randomLetters {
            // Of 256 values 248 are whole rounds of the alphabet: the rest would make some letters likelier.
            for byte in randomness.bytes(64) where byte < 248 && letters.count < randomLetters {
                letters.append(alphabet[Int(byte) % alphabet.count])
            }
        }
        return Secret(Array(prefix.utf8) + letters + checksum(letters))
    }

    static func isWellFormed(_ text: some StringProtocol) -> Bool {
        let bytes = Array(text.utf8)
        let start = prefix.utf8.count
        guard bytes.count == start + randomLetters + checksumLetters, bytes.starts(with: prefix.utf8) else { return false }
        let letters = bytes[start..<start + randomLetters]
        return letters.allSatisfy(alphabet.contains) && checksum(letters).elementsEqual(bytes[(start + randomLetters)...])
    }

    /// CRC-32 (ISO 3309) in six digits to the base 62.
    private static func checksum(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var rest = ~bytes.reduce(UInt32.max) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
        var digits: [UInt8] = []
        for _ in 0..<checksumLetters {
            digits.append(alphabet[Int(rest % 62)])
            rest /= 62
        }
        return digits.reversed()
    }
}
