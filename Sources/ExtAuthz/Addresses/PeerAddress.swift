import NIOCore
import Web

extension IPAddress {
    /// The address of a socket's peer; `nil` for a Unix socket.
    init?(_ socket: SocketAddress) {
        guard let text = socket.ipAddress else { return nil }
        self.init(text)
    }
}
