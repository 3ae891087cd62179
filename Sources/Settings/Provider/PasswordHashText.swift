import JOSE
import Yams

/// A password's hash as a text: bcrypt, or Argon2id.
enum PasswordHashText {
    /// The hash itself, or where it is kept: `{file: path}` or `{env: NAME}`.
    static let shape = Shape<Secret>.hash(
        pattern:
            "^(\\$2[aby]\\$[0-9]{2}\\$[./A-Za-z0-9]{53}|\\$argon2id\\$v=19\\$m=[0-9]+,t=[0-9]+,p=[0-9]+(\\$[+/A-Za-z0-9]+){2})$",
        checked)

    private static func checked(_ text: String, _ node: Node, _ reading: Reading) -> Secret? {
        if isArgon2id(text) { return Secret(utf8: text) }
        guard let cost = bcryptCost(text) else {
            return reading.refuse(
                "the password hash is neither bcrypt nor Argon2id", "put in what `gatehouse hash-password` prints", node)
        }
        guard (8...16).contains(cost) else {
            let mend = "make a new hash with a cost of 8 to 16; 10 is usual"
            return reading.refuse("the password hash has the bcrypt cost \(cost)", mend, node)
        }
        return Secret(utf8: text)
    }

    /// The cost of a well-formed hash: `$2b$10$` and 53 characters of bcrypt's base64.
    private static func bcryptCost(_ text: String) -> Int? {
        let parts = text.utf8.split(separator: UInt8(ascii: "$"), omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0].isEmpty, ["2a", "2b", "2y"].contains(where: { $0.utf8.elementsEqual(parts[1]) }),
            parts[2].count == 2, parts[2].allSatisfy({ (0x30...0x39).contains($0) }),
            parts[3].count == 53, parts[3].allSatisfy({ isAlphanumeric($0) || "./".utf8.contains($0) })
        else { return nil }
        return Int(String(decoding: parts[2], as: UTF8.self))
    }

    /// `$argon2id$v=19$m=19456,t=2,p=1$` with salt and digest, and a cost that a check can bear: 1 GiB, 64 iterations, 16 lanes.
    private static func isArgon2id(_ text: String) -> Bool {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0].isEmpty, parts[1] == "argon2id", parts[2] == "v=19",
            parts[4...5].allSatisfy({ part in (8...128).contains(part.utf8.count) && part.utf8.allSatisfy(isBase64) })
        else { return false }
        let numbers = parts[3].split(separator: ",", omittingEmptySubsequences: false)
        let bounds = [("m=", 8...1 << 20), ("t=", 1...64), ("p=", 1...16)]
        return numbers.count == bounds.count
            && zip(numbers, bounds).allSatisfy { text, bound in
                let digits = text.dropFirst(2)
                return text.hasPrefix(bound.0) && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
                    && Int(digits).map(bound.1.contains) ?? false
            }
    }

    private static func isBase64(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || "+/".utf8.contains(byte) }
}
