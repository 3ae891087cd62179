import NIOCore
import Testing
import Web

@testable import ExtAuthz

/// What may be answered from its bytes alone, and what is for a whole HTTP server.
@Suite struct PlainGETTests {
    private func scan(_ text: String) -> PlainGET? {
        PlainGET.scan(ByteBuffer(string: text).readableBytesUInt8Span)
    }

    @Test(arguments: [
        "GET /keys HTTP/1.1\r\nhost: a\r\n\r\n",
        "GET /keys HTTP/1.1\r\nHost: a\r\nAccept: */*\r\nX-Other: b\r\n\r\n",
        "GET /keys HTTP/1.1\r\nhost: a\r\nconnection: keep-alive\r\n\r\n",
    ])
    func aPlainRequestIsOne(_ text: String) throws {
        for behind in ["", "GET /more HTTP/1.1\r\n", "\0"] {
            let request = try #require(scan(text + behind))
            #expect(request.target == "/keys" && request.size == text.utf8.count)
        }
    }

    @Test(arguments: [
        "",
        "GET /keys HTTP/1.1\r\nhost: a\r\n",
        "GET /keys HTTP/1.1\r\nhost: a\r\n\r",
        "GET /keys HTTP/1.1\r\n\r\n",
        "GET /keys HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n",
        "GET /keys HTTP/1.0\r\nhost: a\r\nconnection: keep-alive\r\n\r\n",
        "GET /keys HTTP/1.1\nhost: a\n\n",
        "HEAD /keys HTTP/1.1\r\nhost: a\r\n\r\n",
        "get /keys HTTP/1.1\r\nhost: a\r\n\r\n",
        "GET /keys HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n",
        "GET /keys HTTP/1.1\r\nhost: a\r\nConnection: keep-alive, Close\r\n\r\n",
        "GET /keys HTTP/1.1\r\nhost: a\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n",
        "GET /keys HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\n\r\n",
        "GET /keys HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n",
        "GET /keys HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n\r\nabc",
        "GET /keys HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET /keys HTTP/1.1\r\nhost: a\r\nname : b\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ])
    func whateverElseThereIsIsNone(_ text: String) {
        #expect(scan(text) == nil, "\(text)")
    }

    @Test func theAnswerIsFramedByItsLength() {
        var output = ByteBuffer()
        let response = WebResponse(status: 200, headers: ["content-type": "text/plain"], body: Array("abc".utf8))
        PlainGET.answer(response, date: "now", to: &output)
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ndate: now\r\ncontent-length: 3\r\n\r\n"
        #expect(String(buffer: output) == head + "abc")
    }
}
