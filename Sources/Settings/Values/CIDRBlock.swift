/// A range of IP addresses (RFC 4632): `10.0.0.0/8`, `fc00::/7`, or one address.
package struct CIDRBlock: Sendable, Hashable {
    /// Network byte order, 4 or 16 bytes; the bits after the prefix are zero.
    package var address: [UInt8]
    /// 0…32 or 0…128.
    package var prefixLength: Int
    /// As it stands in the file.
    package var text: String

    /// Whether an address (network byte order, 4 or 16 bytes) is in the range. IPv4 in IPv6 (`::ffff:…`) is not unwrapped here.
    package func contains(_ other: [UInt8]) -> Bool {
        guard other.count == address.count else { return false }
        var bits = prefixLength
        for (mine, theirs) in zip(address, other) where bits > 0 {
            let mask = bits >= 8 ? UInt8.max : ~(UInt8.max >> UInt8(bits))
            if mine & mask != theirs & mask { return false }
            bits -= 8
        }
        return true
    }
}
