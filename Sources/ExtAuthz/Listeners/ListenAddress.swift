/// Where a listener listens.
package enum ListenAddress: Sendable, Equatable, CustomStringConvertible {
    /// An address or a name of this host; port 0 takes a free one.
    case tcp(host: String, port: Int)
    /// A Unix socket; one that is left over from before is replaced.
    case unix(path: String)

    package var description: String {
        switch self {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }
}
