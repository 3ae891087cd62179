/// Where to listen.
package enum ListenAddress: Sendable, Hashable {
    /// The host is an IP address, IPv6 without its brackets, or a name to resolve; port 0…65535, 0 lets the system choose.
    case tcp(host: String, port: Int)
    /// A Unix socket at an absolute path.
    case unix(path: String)

    /// Whether only this machine reaches it.
    package var isLoopback: Bool {
        switch self {
        case .tcp(let host, _): HostName.isLoopback(host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host)
        case .unix: true
        }
    }
}
