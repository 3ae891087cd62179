import NIOCore
import Web

/// Writes responses, framed by `content-length`, with what the request says of the end of it.
struct HTTP1ResponseEnd {
    let isHead: Bool
    let isHTTP10: Bool
    let keepsAlive: Bool

    func write(_ response: WebResponse, to output: inout ByteBuffer) {
        output.writeStaticString("HTTP/1.1 ")
        output.writeString(String(response.status))
        output.writeStaticString(" ")
        output.writeString(HTTP1Reason.phrase(response.status))
        output.writeStaticString("\r\n")
        for field in response.headers.fields where !Self.isFraming(field.name) {
            Self.write(field.name, field.value, to: &output)
        }
        guard response.status != 204, response.status != 304 else { return close(nil, to: &output) }
        close(response.body.count, to: &output)
        if !isHead { output.writeBytes(response.body) }
    }

    static func write(_ name: String, _ value: String, to output: inout ByteBuffer) {
        output.writeString(name)
        output.writeStaticString(": ")
        output.writeString(value)
        output.writeStaticString("\r\n")
    }

    /// The last lines of the head.
    func close(_ length: Int?, to output: inout ByteBuffer) {
        if length == 0, keepsAlive, !isHTTP10 {
            // What nearly every check ends with, in one piece.
            output.writeStaticString("content-length: 0\r\n\r\n")
            return
        }
        if let length {
            output.writeStaticString("content-length: ")
            output.writeString(String(length))
            output.writeStaticString("\r\n")
        }
        if !keepsAlive {
            output.writeStaticString("connection: close\r\n")
        } else if isHTTP10 {
            output.writeStaticString("connection: keep-alive\r\n")
        }
        output.writeStaticString("\r\n")
    }

    private static func isFraming(_ name: String) -> Bool {
        name == "content-length" || name == "transfer-encoding" || name == "connection"
    }
}

/// The words behind a status (RFC 9110 section 15); nobody reads them but people.
enum HTTP1Reason {
    static func phrase(_ status: Int) -> String { phrases[status] ?? "" }

    private static let phrases: [Int: String] = [
        200: "OK", 204: "No Content", 302: "Found", 303: "See Other", 304: "Not Modified", 307: "Temporary Redirect",
        400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
        408: "Request Timeout", 413: "Content Too Large", 414: "URI Too Long", 429: "Too Many Requests",
        431: "Request Header Fields Too Large", 500: "Internal Server Error", 503: "Service Unavailable",
    ]
}
