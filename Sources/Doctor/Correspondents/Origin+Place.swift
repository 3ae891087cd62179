import Web

extension Origin {
    /// The host without the brackets of IPv6.
    var bareHost: String { String(host.drop { $0 == "[" }.prefix { $0 != "]" }) }

    var effectivePort: Int { port.map { Int($0) } ?? (scheme == .https ? 443 : 80) }

    /// Whether only this machine, or only the cluster, can be meant.
    var isInside: Bool { isLoopback || bareHost.hasSuffix(".svc") || bareHost.contains(".svc.") || bareHost.hasSuffix(".local") }

    var isLoopback: Bool {
        bareHost == "localhost" || bareHost.hasSuffix(".localhost") || bareHost == "::1" || bareHost.hasPrefix("127.")
    }
}
