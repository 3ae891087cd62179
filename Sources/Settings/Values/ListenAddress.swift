/// Where to listen.
package enum ListenAddress: Sendable, Hashable {
    /// The host is an IP address, IPv6 without its brackets, or a name to resolve; port 0…65535, 0 lets the system choose.
    case tcp(host: String, port: Int)
    /// A Unix socket at an absolute path.
    case unix(path: String)
}
