/// One HTTP request to a page or endpoint that we answer ourselves.
package struct WebRequest: Sendable {
    /// Upper case, as on the request line.
    package var method: String
    /// `http` or `https`, as the browser used it (from a trusted proxy's header, or our listener's own).
    package var scheme: String
    /// `host` or `host:port`, as received.
    package var authority: String
    /// Origin form: the path and, after `?`, the query.
    package var target: String
    package var headers: HeaderList
    package var body: [UInt8]
    /// The address of the client, without its port; empty where the gateway does not tell.
    package var clientAddress: String
    /// The address of the other end of the connection itself, whatever headers say; empty where there is no connection, or a
    /// Unix socket.
    package var peerAddress = ""
    /// The certificate that the client has shown, in DER: to us, or to a gateway whose word counts. It has the key to it.
    package var clientCertificate: [UInt8]?
    /// From `x-request-id`, or made by the listener. Goes to the logs.
    package var id: String

    package init(
        method: String, scheme: String, authority: String, target: String, headers: HeaderList = [:],
        body: [UInt8] = [], clientAddress: String = "", id: String = ""
    ) {
        self.method = method
        self.scheme = scheme
        self.authority = authority
        self.target = target
        self.headers = headers
        self.body = body
        self.clientAddress = clientAddress
        self.id = id
    }

    /// The path as received, without the query.
    package var path: Substring { target.prefix { $0 != "?" } }

    /// The query as received, without `?`; empty where there is none.
    package var query: Substring { target.drop { $0 != "?" }.dropFirst() }
}
