package import JOSE

/// Passwords that nobody may choose, since others try them first: a list out of a file.
package struct RefusedPasswords: Sendable {
    /// The first eight bytes of their SHA-1, sorted: eight bytes a password, and lists of hashes need no words.
    private let hashes: [UInt64]

    package static let none = RefusedPasswords(hashes: [])

    private init(hashes: [UInt64]) { self.hashes = hashes }

    /// - Parameter list: one a line: a password, or the 40 hexadecimal digits of its SHA-1, with `:` and a number behind them or
    ///   without, as lists of leaked passwords have it. Empty lines count for nothing.
    package init(list: [UInt8]) {
        let lines = list.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
        hashes = lines.map { line in Self.hash(hexadecimal: line) ?? Self.hash(line) }.sorted()
    }

    /// Whether the password is on the list, as it is or in lower case.
    package func contains(_ password: Secret) -> Bool {
        let lowerCase = password.bytes.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
        return has(Self.hash(password.bytes)) || has(Self.hash(lowerCase))
    }

    private func has(_ hash: UInt64) -> Bool {
        var (low, high) = (0, hashes.count)
        while low < high {
            let middle = low + (high - low) / 2
            if hashes[middle] < hash { low = middle + 1 } else { high = middle }
        }
        return low < hashes.count && hashes[low] == hash
    }

    private static func hash(_ password: some Sequence<UInt8>) -> UInt64 {
        sha1(password).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func hash(hexadecimal line: ArraySlice<UInt8>) -> UInt64? {
        let digits = line.prefix { $0 != UInt8(ascii: ":") }
        let values = digits.prefix(41).compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
        guard digits.count == 40, values.count == 40 else { return nil }
        return values.prefix(16).reduce(0) { $0 << 4 | UInt64($1) }
    }
}
