import JOSE

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension Certificate {
    /// Whether its alternative names have the host (RFC 6125 section 6.4; RFC 9110 section 4.3.4 for addresses).
    func isFor(host: String) -> Bool {
        if let address = Self.address(host) { return names.addresses.contains(address) }
        let host = host.lowercased()
        return names.hosts.contains { name in
            let name = name.lowercased()
            guard name.hasPrefix("*.") else { return name == host }
            guard let dot = host.firstIndex(of: ".") else { return false }
            return host[dot...] == name.dropFirst() && dot != host.startIndex
        }
    }

    /// All that it names, for people.
    var namesText: String {
        let all = names.hosts + names.addresses.compactMap(Self.text)
        return all.isEmpty ? "no name at all" : all.prefix(5).joined(separator: ", ").quotedForeign
    }

    private static func address(_ host: String) -> [UInt8]? {
        var four = in_addr()
        if inet_pton(AF_INET, host, &four) == 1 { return withUnsafeBytes(of: four) { Array($0) } }
        var sixteen = in6_addr()
        if inet_pton(AF_INET6, host, &sixteen) == 1 { return withUnsafeBytes(of: sixteen) { Array($0) } }
        return nil
    }

    private static func text(_ address: [UInt8]) -> String? {
        guard address.count == 4 || address.count == 16 else { return nil }
        var buffer = [CChar](repeating: 0, count: 64)
        guard inet_ntop(address.count == 4 ? AF_INET : AF_INET6, address, &buffer, socklen_t(buffer.count)) != nil else {
            return nil
        }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
