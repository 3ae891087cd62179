/// A host and an optional port (RFC 9110, section 7.2), normalised: lower case, without the trailing dot.
///
/// Refused: empty, user information, blanks, control characters, lists, bytes outside ASCII, escapes, bad ports.
package struct RequestHost: Sendable, Hashable {
    /// A DNS name or an IPv4 address; an IPv6 address with its brackets.
    package let name: String
    package let port: UInt16?

    /// From `host` or `host:port`.
    package init?(_ authority: some StringProtocol) {
        let bytes = Array(authority.utf8)
        let isIPv6 = bytes.first == UInt8(ascii: "[")
        let nameEnd = isIPv6 ? Self.index(after: UInt8(ascii: "]"), in: bytes) : bytes.firstIndex(of: UInt8(ascii: ":"))
        let nameBytes = bytes[..<(nameEnd ?? bytes.endIndex)]
        guard let name = isIPv6 ? Self.ipv6(nameBytes) : Self.dnsName(nameBytes) else { return nil }
        let rest = bytes[nameBytes.endIndex...]
        let port = rest.first == UInt8(ascii: ":") ? Self.port(rest.dropFirst()) : nil
        guard rest.isEmpty || port != nil else { return nil }
        self.name = name
        self.port = port
    }

    private static func index(after byte: UInt8, in bytes: [UInt8]) -> Int? {
        bytes.firstIndex(of: byte).map { $0 + 1 }
    }

    private static func dnsName(_ bytes: ArraySlice<UInt8>) -> String? {
        let dot = UInt8(ascii: ".")
        let name = bytes.last == dot ? bytes.dropLast() : bytes
        guard (1...253).contains(name.count), name.allSatisfy(\.isHostByte) else { return nil }
        let labels = name.split(separator: dot, omittingEmptySubsequences: false)
        guard labels.allSatisfy({ (1...63).contains($0.count) }) else { return nil }
        return String(decoding: name.map(\.lowercased), as: UTF8.self)
    }

    /// Checks the alphabet and the shape, not the address: nothing is resolved by it.
    private static func ipv6(_ bytes: ArraySlice<UInt8>) -> String? {
        let address = bytes.dropFirst().dropLast()
        let colon = UInt8(ascii: ":")
        guard bytes.last == UInt8(ascii: "]") else { return nil }
        guard (2...45).contains(address.count), address.count(where: { $0 == colon }) >= 2 else { return nil }
        guard address.allSatisfy({ $0.hexadecimalValue != nil || $0 == colon || $0 == UInt8(ascii: ".") }) else {
            return nil
        }
        return String(decoding: bytes.map(\.lowercased), as: UTF8.self)
    }

    private static func port(_ digits: ArraySlice<UInt8>) -> UInt16? {
        guard (1...5).contains(digits.count), digits.first != UInt8(ascii: "0"), digits.allSatisfy(\.isDigit) else {
            return nil
        }
        return UInt16(String(decoding: digits, as: UTF8.self))
    }
}

extension UInt8 {
    /// ASCII letters only.
    var lowercased: UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self
    }

    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

    /// Letters, digits, `-`, and `_`, which names inside clusters do hold; `.` stands between labels.
    fileprivate var isHostByte: Bool {
        isUnreserved && self != UInt8(ascii: "~")
    }
}
