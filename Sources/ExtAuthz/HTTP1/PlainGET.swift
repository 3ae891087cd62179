package import NIOCore
package import Web

/// A GET request that is here whole and asks for nothing but an answer: no body, nothing about its connection but that it stays, no
/// other protocol. What else there may be is for a whole HTTP server to read.
package struct PlainGET {
    /// Bytes of it.
    package let size: Int
    private let message: RequestMessage

    /// The request at the beginning of `bytes`; `nil` where there is another one, a part of one, or none.
    package static func scan(_ bytes: Span<UInt8>) -> PlainGET? {
        guard !bytes.isEmpty, let head = try? HTTP1HeadScanner.scan(bytes), !head.isHTTP10, head.keepsAlive else { return nil }
        let message = head.message
        guard message.holds("GET", at: message.method), message.first("expect") == nil, message.first("content-length") == nil,
            message.first("transfer-encoding") == nil, (try? HTTP1Framing(head)) != nil
        else { return nil }
        return PlainGET(size: head.size, message: message)
    }

    /// As on the request line.
    package var target: String { message.text(message.target) }

    /// Writes the answer.
    /// - Parameter date: now (RFC 9110 section 5.6.7).
    package static func answer(_ response: WebResponse, date: String, to output: inout ByteBuffer) {
        var response = response
        response.headers.add("date", date)
        HTTP1ResponseEnd(isHead: false, isHTTP10: false, keepsAlive: true).write(response, to: &output)
    }
}
