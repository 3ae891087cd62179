import Testing

/// RFC 9113 sections 5 and 8: what a stream may do when, and what a request may look like.
struct StreamConformanceTests {
    /// Open; half-closed by the client with its answer pending; closed by both; closed by the client's reset.
    private static let open = Frames.headers(1)
    private static let halfClosed = open + Frames.data(1, Frames.check)
    private static let closed = Frames.call(1)
    private static let reset = open + Frames.reset(1)
    /// Closed by us, for an error.
    private static let refused = Frames.headers(1, Frames.block([("a", "b")]))

    static let states: [ConformanceCase] = [
        .init("5.1", "DATA on an idle stream", Frames.data(1, [1]), goAway: "PROTOCOL_ERROR"),
        .init("5.1", "CONTINUATION on an idle stream", Frames.continuation(1, []), goAway: "PROTOCOL_ERROR"),
        .init("5.1", "DATA behind END_STREAM", halfClosed + Frames.data(1, [1]), reset: "STREAM_CLOSED"),
        .init("5.1", "HEADERS behind END_STREAM", halfClosed + Frames.headers(1, flags: 5), reset: "STREAM_CLOSED"),
        .init("5.1", ignored: "WINDOW_UPDATE behind END_STREAM", halfClosed + Frames.windowUpdate(1, stream: 1)),
        .init("5.1", ignored: "PRIORITY behind END_STREAM", halfClosed + Frames.frame(2, stream: 1, [0, 0, 0, 0, 1])),
        .init("5.1", ignored: "RST_STREAM behind END_STREAM", halfClosed + Frames.reset(1)),
        .init(
            "5.1", "DATA on a closed stream", closed + Frames.data(1, [1]),
            ConformanceCase.served(1) + ["1 RST STREAM_CLOSED"]),
        .init(
            "5.1", "HEADERS on a closed stream", closed + Frames.headers(1),
            ConformanceCase.served(1) + ["GOAWAY STREAM_CLOSED", "closed"]),
        .init(
            "5.1", "what may come late on a closed stream",
            closed + Frames.windowUpdate(1, stream: 1) + Frames.reset(1) + Frames.frame(2, stream: 1, [0, 0, 0, 0, 1]),
            ConformanceCase.served(1)),
        .init("5.1", "DATA behind the client's reset", reset + Frames.data(1, [1]), reset: "STREAM_CLOSED"),
        .init("5.1", "HEADERS behind the client's reset", reset + Frames.headers(1), goAway: "STREAM_CLOSED"),
        .init("5.1", "DATA that crossed our reset", refused + Frames.data(1, [1]), reset: "PROTOCOL_ERROR"),
        .init("5.1", "trailers that crossed our reset", refused + Frames.headers(1, flags: 5), reset: "PROTOCOL_ERROR"),
        .init("5.1.1", "stream of even number", Frames.headers(2), goAway: "PROTOCOL_ERROR"),
        .init(
            "5.1.1", "lower number", Frames.call(5) + Frames.headers(3),
            ConformanceCase.served(5) + ["GOAWAY PROTOCOL_ERROR", "closed"]),
        .init("5.1.1", "numbers may be left out", Frames.call(0x7fff_ffff), ConformanceCase.served(0x7fff_ffff)),
        .init(
            "8.1", "end of the body by trailers",
            Frames.headers(9, Frames.healthBlock) + Frames.data(9, [0, 0, 0, 0, 0], flags: 0)
                + Frames.headers(9, Frames.block([("x", "y")]), flags: 5), ConformanceCase.served(9)),
        .init(
            "8.1", "second header block that does not end", open + Frames.headers(1, Frames.block([("x", "y")])),
            reset: "PROTOCOL_ERROR"),
        .init(
            "8.1", "pseudo-header in trailers", open + Frames.headers(1, Frames.block([(":path", "/")]), flags: 5),
            reset: "PROTOCOL_ERROR"),
        .init(
            "8.1", "upper case in trailers", open + Frames.headers(1, Frames.block([("X", "y")]), flags: 5),
            reset: "PROTOCOL_ERROR"),
        .init(
            "8.1.1", "body longer than content-length", length("4") + Frames.data(1, [0, 0, 0, 0, 0]), reset: "PROTOCOL_ERROR"),
        .init(
            "8.1.1", "body shorter than content-length", length("6") + Frames.data(1, [0, 0, 0, 0, 0]), reset: "PROTOCOL_ERROR"),
        .init(
            "8.1.1", "shorter over two frames", length("6") + Frames.data(1, [0], flags: 0) + Frames.data(1, [0]),
            reset: "PROTOCOL_ERROR"),
        .init("8.1.1", "content-length without a body", length("1", flags: 5), reset: "PROTOCOL_ERROR"),
    ]

    private static func length(_ value: String, flags: UInt8 = 4) -> [UInt8] {
        Frames.headers(1, Frames.block(Frames.request + [("content-length", value)]), flags: flags)
    }

    @Test(arguments: states) func ruleIsKept(of test: ConformanceCase) throws {
        #expect(try HTTP2Exchange.answer(to: Frames.hello + test.bytes) == test.answer)
    }

    // MARK: Malformed requests

    private static func with(_ fields: (String, String)...) -> [(String, String)] { Frames.request + fields }
    private static func without(_ name: String) -> [(String, String)] { Frames.request.filter { $0.0 != name } }
    private static func replacing(_ name: String, _ value: String) -> [(String, String)] {
        Frames.request.map { $0.0 == name ? ($0.0, value) : $0 }
    }

    private static let malformed: [(String, [(String, String)])] = [
        ("8.2 upper case", with(("X-User", "a"))), ("8.2.1 blank in a name", with(("x user", "a"))),
        ("8.2.1 colon in a name", with(("x:user", "a"))), ("8.2.1 name beyond ASCII", with(("é", "a"))),
        ("8.2.1 control in a name", with(("x\u{7f}", "a"))),
        ("8.2.1 LF in a value", with(("x", "a\nb"))), ("8.2.1 CR in a value", with(("x", "a\rb"))),
        ("8.2.1 NUL in a value", with(("x", "a\0b"))), ("8.2.1 CR LF in a value", with(("x", "a\r\nb"))),
        ("8.2.1 blank before a value", with(("x", " a"))), ("8.2.1 tab behind a value", with(("x", "a\t"))),
        ("8.2.2 connection", with(("connection", "close"))), ("8.2.2 keep-alive", with(("keep-alive", "1"))),
        ("8.2.2 proxy-connection", with(("proxy-connection", "close"))), ("8.2.2 upgrade", with(("upgrade", "h2c"))),
        ("8.2.2 transfer-encoding", with(("transfer-encoding", "chunked"))), ("8.2.2 te", replacing("te", "gzip")),
        ("8.3 unknown pseudo-header", [(":user", "a")] + Frames.request),
        ("8.3 of a response", [(":status", "200")] + Frames.request),
        ("8.3 behind a regular field", with((":protocol", "a"))),
        ("8.3 path behind a field", without(":path") + [(":path", "/")]),
        ("8.3.1 two methods", [(":method", "POST")] + Frames.request), ("8.3.1 two paths", [(":path", "/")] + Frames.request),
        ("8.3.1 two schemes", [(":scheme", "http")] + Frames.request),
        ("8.3.1 two authorities", [(":authority", "a")] + Frames.request),
        ("8.3.1 no method", without(":method")), ("8.3.1 no scheme", without(":scheme")), ("8.3.1 no path", without(":path")),
        ("8.3.1 empty path", replacing(":path", "")), ("8.3.1 empty method", replacing(":method", "")),
        ("8.3.1 method with a blank", replacing(":method", "PO ST")),
        ("8.3.1 user in the authority", replacing(":authority", "u@a")),
        ("8.3.1 other host", with(("host", "evil"))), ("8.3.1 two hosts", with(("host", "gatehouse"), ("host", "gatehouse"))),
        ("8.5 CONNECT with a path", replacing(":method", "CONNECT")),
        ("8.1.1 two lengths", with(("content-length", "5"), ("content-length", "6"))),
        ("8.1.1 negative length", with(("content-length", "-5"))),
        ("8.1.1 endless length", with(("content-length", "99999999999999999999"))),
        ("8.2 two content types", with(("content-type", "application/grpc"))), ("8.3 nothing at all", []),
    ]

    @Test(arguments: malformed) func malformedRequestEndsItsStream(name: String, fields: [(String, String)]) throws {
        let bytes = Frames.hello + Frames.headers(1, Frames.block(fields)) + Frames.call(3)
        let expected = ["1 RST PROTOCOL_ERROR"] + ConformanceCase.served(3)
        #expect(try HTTP2Exchange.answer(to: bytes) == expected, "\(name)")
    }

    private static let below: [([(String, String)], String)] = [
        (replacing(":method", "GET"), "405"), (replacing("content-type", "text/plain"), "415"), (without("content-type"), "415"),
        ([(":method", "CONNECT"), (":authority", "a:1")], "405"), (replacing(":path", "/x"), "grpc-status 12"),
    ]

    @Test(arguments: below) func requestThatIsNoCallIsAnswered(fields: [(String, String)], answer: String) throws {
        let bytes = Frames.hello + Frames.headers(1, Frames.block(fields), flags: 5)
        #expect(try HTTP2Exchange.answer(to: bytes) == ["1 END \(answer)"])
    }

    @Test func clientThatStillSendsIsToldToStop() throws {
        let bytes = Frames.hello + Frames.headers(1, Frames.block(Self.replacing(":path", "/x"))) + Frames.data(1, [1])
        #expect(try HTTP2Exchange.answer(to: bytes) == ["1 END grpc-status 12", "1 RST NO_ERROR"])
    }

    @Test func streamsBeyondTheLimitAreRefused() throws {
        let open = (0..<256).flatMap { Frames.headers(UInt32($0 * 2 + 1)) }
        let bytes = Frames.hello + open + Frames.headers(513) + Frames.reset(1) + Frames.call(515)
        let expected = ["513 RST REFUSED_STREAM"] + ConformanceCase.served(515)
        #expect(try HTTP2Exchange.answer(to: bytes) == expected)
    }
}
