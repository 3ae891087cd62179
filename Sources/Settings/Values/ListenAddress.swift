/// `host:port` to listen on. The host is an IP address or a name to resolve; port 0 lets the system choose.
package struct ListenAddress: Sendable, Hashable {
    /// An IPv6 address without its brackets.
    package var host: String
    /// 0…65535.
    package var port: Int
}
