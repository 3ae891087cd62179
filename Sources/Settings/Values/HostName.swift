#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Host names and addresses as the configuration takes them.
enum HostName {
    /// A DNS name (RFC 1123, section 2.1; `_` too) or an IPv4 address, in lower case; nil for anything else.
    static func parse(_ text: Substring) -> String? {
        guard (1...253).contains(text.utf8.count) else { return nil }
        let labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard labels.allSatisfy(isLabel), let last = labels.last else { return nil }
        // A last label of digits only makes readers take the whole for an IPv4 address.
        if last.allSatisfy(isDigit), address(String(text)) == nil { return nil }
        return text.lowercased()
    }

    /// An IPv4 or IPv6 address in network byte order: 4 or 16 bytes.
    static func address(_ text: String) -> [UInt8]? {
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 { return withUnsafeBytes(of: four) { Array($0) } }
        var sixteen = in6_addr()
        if inet_pton(AF_INET6, text, &sixteen) == 1 { return withUnsafeBytes(of: sixteen) { Array($0) } }
        return nil
    }

    /// `host`, `host:port`, `[v6]` or `[v6]:port`; an IPv6 address comes without its brackets. nil for anything else.
    static func parseWithPort(_ text: Substring) -> (host: String, port: Int?)? {
        let colon = UInt8(ascii: ":")
        guard text.utf8.first == UInt8(ascii: "[") else {
            guard let end = text.utf8.firstIndex(of: colon) else { return parse(text).map { ($0, nil) } }
            guard let host = parse(text[..<end]), let port = port(text[end...].dropFirst()) else { return nil }
            return (host, port)
        }
        guard let end = text.utf8.firstIndex(of: UInt8(ascii: "]")) else { return nil }
        let inside = String(text[..<end].dropFirst())
        guard inside.utf8.contains(colon), address(inside) != nil else { return nil }
        let rest = text[end...].dropFirst()
        if rest.isEmpty { return (inside.lowercased(), nil) }
        guard rest.utf8.first == colon, let port = port(rest.dropFirst()) else { return nil }
        return (inside.lowercased(), port)
    }

    /// Whether only this machine can be meant.
    static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host.hasSuffix(".localhost") { return true }
        guard let bytes = address(host) else { return false }
        return bytes.count == 4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] == 1
    }

    private static func port(_ text: Substring) -> Int? {
        guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy(isDigit), let port = Int(text) else { return nil }
        return port <= 65535 ? port : nil
    }

    private static func isLabel(_ label: Substring.UTF8View.SubSequence) -> Bool {
        let hyphen = UInt8(ascii: "-")
        guard (1...63).contains(label.count), label.first != hyphen, label.last != hyphen else { return false }
        return label.allSatisfy { isDigit($0) || isLetter($0) || $0 == hyphen || $0 == UInt8(ascii: "_") }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) }
}
