/// How large a client's request may be for a check to look at it. Gateways have limits of their own below these.
enum RequestLimits {
    /// Bytes of path and query.
    static let target = 64 * 1024
    /// Header lines of the client's request (NIOHTTP1's own limit for HTTP/1).
    static let headerFields = 256
    /// Bytes of a request body on the HTTP/1 listener.
    static let body = 64 * 1024
    /// Bytes of one gRPC message.
    static let message = 1024 * 1024
}
