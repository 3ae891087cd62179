package import NIOCore
package import Web

/// The proxies whose `x-forwarded-*` headers are believed. A peer on a Unix socket is always one of them: the file's
/// permissions say who can connect.
package struct TrustedProxies: Sendable {
    private let ranges: [AddressRange]

    package init(_ ranges: [AddressRange]) {
        self.ranges = ranges
    }

    package func contains(_ address: IPAddress) -> Bool {
        ranges.contains { $0.contains(address) }
    }

    /// Whether the peer of a connection is one of them. `nil` (a peer that the system does not name) is not.
    package func contains(_ peer: SocketAddress?) -> Bool {
        switch peer {
        case .unixDomainSocket?: true
        case let peer?: IPAddress(peer).map(contains) ?? false
        case nil: false
        }
    }

    /// The client behind a chain of proxies: from the right of `x-forwarded-for`, the first address that is no trusted proxy.
    /// Without its zone, which can be any text. Where the chain ends in something unreadable, the last address that was read; `nil` where there is none.
    /// - Parameter values: the lines of `x-forwarded-for`, first to last. Only to be read when the peer itself is trusted.
    package func client(forwardedFor values: [String]) -> String? {
        var client: String?
        for line in values.reversed() {
            for element in line.split(separator: ",", omittingEmptySubsequences: false).reversed() {
                let text = trimmingBlanks(element)
                guard let address = IPAddress(text) else { return client }
                client = String(text.prefix { $0 != "%" })
                if !contains(address) { return client }
            }
        }
        return client
    }
}
