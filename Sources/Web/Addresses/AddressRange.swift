/// A CIDR block (RFC 4632, RFC 4291 section 2.3) of either family.
package struct AddressRange: Sendable, Equatable {
    private let network: UInt128
    private let mask: UInt128

    /// Reads `10.0.0.0/8`, `fd00::/8`, or a single address. `nil` for anything else, also for a network with bits set behind
    /// its prefix (`10.0.0.1/8`: one of the two numbers is a mistake).
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = IPAddress(first) else { return nil }
        let offset = address.isV4 && !first.utf8.contains(UInt8(ascii: ":")) ? 96 : 0
        var length = 128
        if parts.count == 2 {
            guard let written = Self.prefixLength(parts[1]), written <= 128 - offset else { return nil }
            length = written + offset
        }
        mask = length == 0 ? 0 : UInt128.max << UInt128(128 - length)
        network = address.bits
        guard network & mask == network else { return nil }
    }

    package func contains(_ address: IPAddress) -> Bool {
        address.bits & mask == network
    }

    /// Decimal digits only: `Int` would also take `+8`.
    private static func prefixLength(_ text: Substring) -> Int? {
        guard (1...3).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text)
    }
}
