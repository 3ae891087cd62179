import Yams

/// The SHA-256 of a secret, 32 bytes: `sha256:` and 64 hexadecimal digits, or where that is kept, `{file: path}` or `{env: NAME}`.
enum SecretHash {
    static let shape = Shape<[UInt8]>.hash(pattern: "^sha256:[0-9a-f]{64}$", checked)

    private static func checked(_ text: String, _ node: Node, _ reading: Reading) -> [UInt8]? {
        let digits = text.hasPrefix("sha256:") ? Array(text.utf8.dropFirst("sha256:".count)) : []
        let values = digits.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        guard digits.count == 64, values.count == 64 else {
            return reading.refuse(
                "the secret's hash is not `sha256:` and 64 digits", "make it with `printf %s \"$SECRET\" | sha256sum`", node)
        }
        return stride(from: 0, to: 64, by: 2).map { UInt8(truncatingIfNeeded: values[$0] << 4 | values[$0 + 1]) }
    }
}
