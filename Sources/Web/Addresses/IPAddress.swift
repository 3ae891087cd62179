#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// An IP address as the 128 bits of IPv6; an IPv4 address is its v4-mapped form (`::ffff:0:0/96`), so that both spellings of
/// one peer are equal.
package struct IPAddress: Sendable, Equatable {
    package let bits: UInt128

    private static let mappedPrefix = UInt128(0xffff) << 32

    private init(v4 bytes: some Sequence<UInt8>) {
        bits = bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) } | Self.mappedPrefix
    }

    private init(v6 bytes: some Sequence<UInt8>) {
        bits = bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
    }

    /// Reads `192.0.2.1`, `2001:db8::1`, `::ffff:192.0.2.1`; a zone (`%eth0`) is dropped. `nil` for anything else: no port,
    /// no brackets, no names, no octal or short forms.
    package init?(_ text: some StringProtocol) {
        // A C string would end at a NUL, and leave unread what stands behind it.
        guard !text.utf8.contains(0) else { return nil }
        let address = String(text.prefix { $0 != "%" })
        var v4 = in_addr()
        if inet_pton(AF_INET, address, &v4) == 1 {
            self.init(v4: withUnsafeBytes(of: &v4) { [UInt8]($0) })
            return
        }
        var v6 = in6_addr()
        guard inet_pton(AF_INET6, address, &v6) == 1 else { return nil }
        self.init(v6: withUnsafeBytes(of: &v6) { [UInt8]($0) })
    }

    package var isV4: Bool { bits >> 32 == 0xffff }
}
