import AuthService
import ExtAuthz
import NIOCore
import NIOEmbedded
import Testing

/// What RFC 9112 lets a server take, and what two servers could read in two ways: the former is decided, the latter never.
struct MessageConformanceTests {
    private struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let section: String
        let bytes: String
        /// The statuses of the answers, in order. 403 is the authorizer's, for a request that was taken.
        let statuses: [Int]
        var testDescription: String { "\(section) \(name)" }

        init(_ section: String, _ name: String, _ bytes: String, _ statuses: Int...) {
            self.section = section
            self.name = name
            self.bytes = bytes
            self.statuses = statuses
        }
    }

    private static let start = "GET /envoy/ HTTP/1.1\r\nHost: a\r\n"
    private static let post = "POST /envoy/ HTTP/1.1\r\nHost: a\r\n"
    private static let end = "\r\n"

    private static let cases: [Case] = [
        Case("2.2", "a request", start + end, 403),
        Case("2.2", "an empty line before the request", "\r\n" + start + end, 403),
        Case("2.2", "two empty lines before the request", "\r\n\r\n" + start + end, 400),
        Case("2.2", "bare LF behind the request line", "GET /envoy/ HTTP/1.1\nHost: a\r\n\r\n", 400),
        Case("2.2", "bare LF behind a field", "GET /envoy/ HTTP/1.1\r\nHost: a\n\r\n", 400),
        Case("2.2", "bare LF as the last line", start + "\n", 400),
        Case("2.2", "bare CR in a value", start + "X: a\rb\r\n" + end, 400),
        Case("2.2", "CR behind the fields", start + "\rX", 400),
        Case("2.2", "white space between request line and fields", "GET /envoy/ HTTP/1.1\r\n Host: a\r\n\r\n", 400),
        Case("2.3", "HTTP/1.0 without host", "GET /envoy/ HTTP/1.0\r\n\r\n", 400),
        Case("2.3", "HTTP/1.0", "GET /envoy/ HTTP/1.0\r\nHost: a\r\n\r\n", 403),
        Case("2.3", "HTTP/2.0", "GET /envoy/ HTTP/2.0\r\nHost: a\r\n\r\n", 400),
        Case("2.3", "HTTP/1.2", "GET /envoy/ HTTP/1.2\r\nHost: a\r\n\r\n", 400),
        Case("2.3", "version in lower case", "GET /envoy/ http/1.1\r\nHost: a\r\n\r\n", 400),
        Case("2.3", "no version", "GET /envoy/\r\nHost: a\r\n\r\n", 400),
        Case("2.3", "text behind the version", "GET /envoy/ HTTP/1.1 x\r\nHost: a\r\n\r\n", 400),
        Case("3", "two blanks behind the method", "GET  /envoy/ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        Case("3", "tab behind the method", "GET\t/envoy/ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        Case("3", "two blanks behind the target", "GET /envoy/  HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        Case("3", "blank in the target", "GET /envoy/a b HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        Case("3", "control character in the target", "GET /envoy/\u{1} HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        Case("3.1", "no method", " /envoy/ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        Case("3.1", "method that is no token", "G\"T /envoy/ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        Case("3.2", "no host", "GET /envoy/ HTTP/1.1\r\n\r\n", 400),
        Case("3.2", "two hosts", start + "Host: a\r\n" + end, 400),
        Case("3.2", "two hosts on the second reading", start + "hOsT: b\r\n" + end, 400),
        Case("5", "empty value", start + "X:\r\n" + end, 403),
        Case("5", "name of every sign that a token has", start + "!#$%&'*+-.^_`|~0aZ: x\r\n" + end, 403),
        Case("5.1", "blank before the colon", start + "X : a\r\n" + end, 400),
        Case("5.1", "no name", start + ": a\r\n" + end, 400),
        Case("5.1", "no colon", start + "X\r\n" + end, 400),
        Case("5.1", "name with a slash", start + "X/Y: a\r\n" + end, 400),
        Case("5.1", "name with NUL", start + "X\u{0}: a\r\n" + end, 400),
        Case("5.5 of RFC 9110", "NUL in a value", start + "X: a\u{0}\r\n" + end, 400),
        Case("5.5 of RFC 9110", "DEL in a value", start + "X: a\u{7f}\r\n" + end, 400),
        Case("5.5 of RFC 9110", "tab in a value", start + "X: a\tb\r\n" + end, 403),
        Case("5.5 of RFC 9110", "bytes beyond ASCII in a value", start + "X: é\r\n" + end, 403),
        Case("5.2", "folded line", start + "X: a\r\n b\r\n" + end, 400),
        Case("6.1", "length and chunked", post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        Case(
            "6.1", "chunked before HTTP/1.1", "POST /envoy/ HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400),
        Case("6.1", "another coding", post + "Transfer-Encoding: gzip\r\n\r\n", 400),
        Case("6.1", "two codings", post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400),
        Case(
            "6.1", "two lines of codings", post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400
        ),
        Case("6.1", "a coding that only looks like chunked", post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400),
        Case("6.1", "vertical tab before the coding", post + "Transfer-Encoding: \u{b}chunked\r\n\r\n0\r\n\r\n", 400),
        Case("6.2", "a body", post + "Content-Length: 2\r\n\r\nab", 403),
        Case("6.2", "a body, and a request behind it", post + "Content-Length: 2\r\n\r\nab" + start + end, 403, 403),
        Case("6.2", "a body on GET", start + "Content-Length: 2\r\n\r\nab" + start + end, 403, 403),
        Case("6.3", "two lengths", post + "Content-Length: 2\r\nContent-Length: 2\r\n\r\nab", 400),
        Case("6.3", "a list of lengths", post + "Content-Length: 2, 2\r\n\r\nab", 400),
        Case("8.6 of RFC 9110", "length with a sign", post + "Content-Length: +2\r\n\r\nab", 400),
        Case("8.6 of RFC 9110", "length in hexadecimal", post + "Content-Length: 0x2\r\n\r\nab", 400),
        Case("8.6 of RFC 9110", "no length", post + "Content-Length:\r\n\r\nab", 400),
        Case("8.6 of RFC 9110", "length beyond 64 bits", post + "Content-Length: 99999999999999999999\r\n\r\n", 400),
        Case("8.6 of RFC 9110", "length of 19 digits", post + "Content-Length: 9999999999999999999\r\n\r\n", 413),
        Case(
            "7.1", "chunks", post + "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\nA\r\n0123456789\r\n0\r\n\r\n" + start + end,
            403, 403),
        Case(
            "7.1", "chunks with trailers", post + "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX: y\r\n\r\n" + start + end,
            403, 403),
        Case("7.1", "chunk longer than its size", post + "Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n", 400),
        Case("7.1", "chunk size with a sign", post + "Transfer-Encoding: chunked\r\n\r\n+1\r\na\r\n0\r\n\r\n", 400),
        Case("7.1", "chunk size with a blank", post + "Transfer-Encoding: chunked\r\n\r\n1 \r\na\r\n0\r\n\r\n", 400),
        Case("7.1", "chunk size with 0x", post + "Transfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n", 400),
        Case("7.1", "chunk size beyond 64 bits", post + "Transfer-Encoding: chunked\r\n\r\n10000000000000001\r\na\r\n", 400),
        Case("7.1", "chunk size of 32 bits", post + "Transfer-Encoding: chunked\r\n\r\nffffffff\r\na\r\n", 413),
        Case("7.1", "empty chunk size", post + "Transfer-Encoding: chunked\r\n\r\n\r\na\r\n", 400),
        Case("7.1", "bare LF behind the chunk size", post + "Transfer-Encoding: chunked\r\n\r\n1\na\r\n0\r\n\r\n", 400),
        Case("7.1.1", "chunk extension", post + "Transfer-Encoding: chunked\r\n\r\n1;x=y\r\na\r\n0\r\n\r\n", 400),
        Case("9.3", "two requests", start + end + start + end, 403, 403),
        Case("9.3", "close, and a request behind it", start + "Connection: close\r\n\r\n" + start + end, 403),
        Case("9.3", "close in a list", start + "Connection: x, CLOSE\r\n\r\n" + start + end, 403),
        Case("9.3", "HTTP/1.0 closes", "GET /envoy/ HTTP/1.0\r\nHost: a\r\n\r\n" + start + end, 403),
        Case(
            "9.3", "HTTP/1.0 keep-alive", "GET /envoy/ HTTP/1.0\r\nHost: a\r\nConnection: Keep-Alive\r\n\r\n" + start + end, 403,
            403),
        Case("9.3", "a bad request takes those behind it along", start + "X\r\n\r\n" + start + end, 400),
        Case("3.2.2", "target in absolute form", "GET http://a/envoy/ HTTP/1.1\r\nHost: a\r\n\r\n", 404),
        Case("3.2.3", "target in authority form", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 404),
        Case("3.2.4", "target in asterisk form", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 404),
        Case("RFC 9113 3.4", "the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    ]

    @Test(arguments: cases) private func bytesAreTakenOrRefused(_ test: Case) throws {
        #expect(try Self.statuses(pieces: [Array(test.bytes.utf8)]) == test.statuses)
    }

    @Test(arguments: cases) private func piecesMakeNoDifference(_ test: Case) throws {
        #expect(try Self.statuses(pieces: test.bytes.utf8.map { [$0] }) == test.statuses)
    }

    /// The statuses of all answers to what is sent in pieces.
    private static func statuses(pieces: [[UInt8]]) throws -> [Int] {
        let dispatcher = CheckDispatcher(
            authorizer: StubAuthorizer(.reject(.forbidden, 403)), lane: SlowLane(width: 1, limit: 1))
        let service = CheckHTTPService(dispatcher: dispatcher, trusted: TrustedProxies([])) { "id" }
        let channel = EmbeddedChannel()
        try HTTP1Pipeline(service: service).configure(channel)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        for piece in pieces { try channel.writeInbound(ByteBuffer(bytes: piece)) }
        var text = ""
        while let bytes = try channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: bytes) }
        _ = try channel.finish(acceptAlreadyClosed: true)
        return text.split(separator: "\r\n").filter { $0.hasPrefix("HTTP/1.1 ") }.compactMap { Int($0.dropFirst(9).prefix(3)) }
            .filter { $0 != 100 }
    }
}
