/// A host (name or IP address, IPv6 without brackets) and a port from 1 to 65535.
package struct NetworkAddress: Sendable, Hashable {
    package var host: String
    package var port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// `host:port` or `[IPv6]:port`; nil for anything else.
    package init?(parsing text: String) {
        guard let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")) else { return nil }
        let digits = text[text.utf8.index(after: colon)...].utf8
        guard (1...5).contains(digits.count), digits.allSatisfy(Self.isDigit),
            let port = Int(String(digits) ?? ""), (1...65535).contains(port),
            let host = Self.host(in: text[..<colon])
        else { return nil }
        self.init(host: host, port: port)
    }

    private static func host(in text: Substring) -> String? {
        if text.utf8.first == UInt8(ascii: "[") {
            guard text.utf8.last == UInt8(ascii: "]") else { return nil }
            let inner = String(text.dropFirst().dropLast())
            return isIPv6(inner) ? inner : nil
        }
        return !text.isEmpty && text.utf8.allSatisfy(isNameByte) ? String(text) : nil
    }

    /// Whether Envoy takes the host as it is (`STATIC`) or has to resolve it.
    package var isIPAddress: Bool {
        Self.isIPv6(host) || Self.isIPv4(host)
    }

    /// As an authority: IPv6 in brackets.
    package var authority: String {
        Self.isIPv6(host) ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    private static func isIPv4(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                (1...3).contains(part.count) && part.allSatisfy(isDigit) && (Int(String(part) ?? "") ?? 256) < 256
            }
    }

    /// Any text of hexadecimal digits, colons and dots with two colons at least: Envoy reads it in full and says so if it is none.
    private static func isIPv6(_ text: String) -> Bool {
        text.utf8.filter { $0 == UInt8(ascii: ":") }.count >= 2
            && text.utf8.allSatisfy { isHexadecimal($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        isDigit(byte) || isLetter(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
