import NIOCore
import NIOHTTP1
import Web

/// A response as the HTTP/1 encoder takes it, framed by `content-length`.
enum HTTP1Response {
    /// - Parameter head: the request's; `nil` where it was not read to its end.
    static func parts(
        _ response: WebResponse, to head: HTTPRequestHead?, keepAlive: Bool
    ) -> (HTTPResponseHead, body: ByteBuffer?) {
        var headers = HTTPHeaders()
        headers.reserveCapacity(response.headers.fields.count + 2)
        for field in response.headers.fields where !isFraming(field.name) {
            headers.add(name: field.name, value: field.value)
        }
        let mayHaveBody = response.status != 204 && response.status != 304
        if mayHaveBody { headers.add(name: "content-length", value: String(response.body.count)) }
        if !keepAlive {
            headers.add(name: "connection", value: "close")
        } else if head?.version == .http1_0 {
            headers.add(name: "connection", value: "keep-alive")
        }
        let status = HTTPResponseStatus(statusCode: response.status)
        let responseHead = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        guard mayHaveBody, head?.method != .HEAD, !response.body.isEmpty else { return (responseHead, nil) }
        return (responseHead, ByteBuffer(bytes: response.body))
    }

    /// Whether the connection stays open. After a request to upgrade the decoder reads no further one.
    static func keepsAlive(_ head: HTTPRequestHead) -> Bool {
        head.isKeepAlive && !head.headers.contains(name: "upgrade") && head.method != .CONNECT
    }

    private static func isFraming(_ name: String) -> Bool {
        name == "content-length" || name == "transfer-encoding" || name == "connection"
    }
}
