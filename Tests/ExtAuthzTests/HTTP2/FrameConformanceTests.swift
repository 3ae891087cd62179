import NIOCore
import Testing

/// RFC 9113 sections 3, 4 and 6: the preface and the kinds of frame.
struct FrameConformanceTests {
    private static let oversized = [UInt8](repeating: 0, count: 16_385)
    private static let open = Frames.headers(1)

    static let cases: [ConformanceCase] = [
        .init("4.1", ignored: "frame of a kind that is not known", Frames.frame(0xbe, 0xff, stream: 0, [1, 2, 3])),
        .init("4.1", ignored: "such a frame on an idle stream", Frames.frame(0xbe, stream: 77, [1])),
        .init("4.1", "undefined flags on PING", Frames.frame(6, 0xfe, stream: 0, Frames.bytes(UInt64(1))), ["PING ACK"]),
        .init("4.1", "reserved bit of the stream", Frames.frame(6, stream: 0x8000_0000, Frames.bytes(UInt64(1))), ["PING ACK"]),
        .init("4.2", "DATA of 16,385 bytes", open + Frames.data(1, oversized), goAway: "FRAME_SIZE_ERROR"),
        .init("4.2", "HEADERS of 16,385 bytes", Frames.headers(1, oversized), goAway: "FRAME_SIZE_ERROR"),
        .init("4.2", "unknown frame of 16 MB", Frames.frame(0xbe, stream: 0, length: 0xff_ffff), goAway: "FRAME_SIZE_ERROR"),
        .init("4.3", "header block that is no HPACK", Frames.headers(1, [0x80]), goAway: "COMPRESSION_ERROR"),
        .init("4.3", "header block cut short", Frames.headers(1, [0x00, 0x05, 0x61]), goAway: "COMPRESSION_ERROR"),
        .init("4.3", "index beyond the tables", Frames.headers(1, [0xff, 0xff, 0x7f]), goAway: "COMPRESSION_ERROR"),
        .init("4.3", "table larger than ours", Frames.headers(1, [0x3f, 0xe2, 0x1f]), goAway: "COMPRESSION_ERROR"),
        .init("4.3", "endless integer", Frames.headers(1, .init(repeating: 0xff, count: 30)), goAway: "COMPRESSION_ERROR"),
        .init("6.1", "DATA on stream 0", Frames.data(0, [1]), goAway: "PROTOCOL_ERROR"),
        .init("6.1", "padding as long as the payload", open + Frames.data(1, [1], flags: 8), goAway: "PROTOCOL_ERROR"),
        .init("6.1", "padded DATA without a pad length", open + Frames.data(1, [], flags: 8), goAway: "FRAME_SIZE_ERROR"),
        .init(
            "6.1", "padding is no data",
            Frames.headers(9, Frames.healthBlock) + Frames.data(9, [2, 0, 0, 0, 0, 0, 9, 9], flags: 9),
            ConformanceCase.served(9)),
        .init("6.2", "HEADERS on stream 0", Frames.headers(0), goAway: "PROTOCOL_ERROR"),
        .init(
            "6.2", "padded HEADERS with too much padding", Frames.headers(1, [200, 0x82], flags: 12), goAway: "PROTOCOL_ERROR"),
        .init("6.2", "HEADERS with half a priority", Frames.headers(1, [0, 0], flags: 0x24), goAway: "FRAME_SIZE_ERROR"),
        .init(
            "6.2", "padding and priority are no fields",
            Frames.headers(9, [3, 0, 0, 0, 9, 1] + Frames.healthBlock + [0, 0, 0], flags: 0x2c)
                + Frames.data(9, [0, 0, 0, 0, 0]), ConformanceCase.served(9)),
        .init("6.3", ignored: "PRIORITY on an idle stream", Frames.frame(2, stream: 3, [0, 0, 0, 1, 5])),
        .init("6.3", ignored: "PRIORITY that depends on itself", Frames.frame(2, stream: 3, [0, 0, 0, 3, 5])),
        .init("6.3", "PRIORITY on stream 0", Frames.frame(2, stream: 0, [0, 0, 0, 1, 5]), goAway: "PROTOCOL_ERROR"),
        .init("6.3", "PRIORITY of 4 bytes", open + Frames.frame(2, stream: 1, [0, 0, 0, 1]), reset: "FRAME_SIZE_ERROR"),
        .init("6.4", "RST_STREAM on stream 0", Frames.reset(0), goAway: "PROTOCOL_ERROR"),
        .init("6.4", "RST_STREAM on an idle stream", Frames.reset(1), goAway: "PROTOCOL_ERROR"),
        .init("6.4", "RST_STREAM of 3 bytes", open + Frames.frame(3, stream: 1, [0, 0, 8]), goAway: "FRAME_SIZE_ERROR"),
        .init("6.5", "SETTINGS on a stream", Frames.frame(4, stream: 1), goAway: "PROTOCOL_ERROR"),
        .init("6.5", "SETTINGS of 5 bytes", Frames.frame(4, stream: 0, [0, 4, 0, 0, 0]), goAway: "FRAME_SIZE_ERROR"),
        .init(
            "6.5", "SETTINGS ACK with a payload", Frames.frame(4, 1, stream: 0, [0, 4, 0, 0, 0, 1]), goAway: "FRAME_SIZE_ERROR"),
        .init("6.5.2", "ENABLE_PUSH of 2", Frames.settings([(2, 2)]), goAway: "PROTOCOL_ERROR"),
        .init("6.5.2", "window of 2^31", Frames.settings([(4, 0x8000_0000)]), goAway: "FLOW_CONTROL_ERROR"),
        .init("6.5.2", "frames of 16,383", Frames.settings([(5, 16_383)]), goAway: "PROTOCOL_ERROR"),
        .init("6.5.2", "frames of 2^24", Frames.settings([(5, 16_777_216)]), goAway: "PROTOCOL_ERROR"),
        .init("6.5.2", ignored: "setting that is not known", Frames.settings([(0xaaaa, 1)])),
        .init("6.5.2", ignored: "largest values", Frames.settings([(1, .max), (2, 1), (3, 0), (4, 0x7fff_ffff), (6, .max)])),
        .init("6.6", "PUSH_PROMISE", open + Frames.frame(5, 4, stream: 1, [0, 0, 0, 2]), goAway: "PROTOCOL_ERROR"),
        .init("6.7", "PING", Frames.ping(), ["PING ACK"]),
        .init("6.7", ignored: "ACK that nobody has asked for", Frames.ping(ack: true)),
        .init("6.7", "PING on a stream", Frames.frame(6, stream: 1, Frames.bytes(UInt64(1))), goAway: "PROTOCOL_ERROR"),
        .init("6.7", "PING of 7 bytes", Frames.frame(6, stream: 0, .init(repeating: 0, count: 7)), goAway: "FRAME_SIZE_ERROR"),
        .init("6.8", "GOAWAY on a stream", Frames.frame(7, stream: 1, .init(repeating: 0, count: 8)), goAway: "PROTOCOL_ERROR"),
        .init("6.8", "GOAWAY of 7 bytes", Frames.frame(7, stream: 0, .init(repeating: 0, count: 7)), goAway: "FRAME_SIZE_ERROR"),
        .init("6.8", "GOAWAY ends an idle connection", Frames.goAway, goAway: "NO_ERROR"),
        .init("6.9", "WINDOW_UPDATE of 0", Frames.windowUpdate(0, stream: 0), goAway: "PROTOCOL_ERROR"),
        .init("6.9", "WINDOW_UPDATE of 0 on a stream", open + Frames.windowUpdate(0, stream: 1), reset: "PROTOCOL_ERROR"),
        .init("6.9", "WINDOW_UPDATE on an idle stream", Frames.windowUpdate(1, stream: 1), goAway: "PROTOCOL_ERROR"),
        .init("6.9", "WINDOW_UPDATE of 3 bytes", Frames.frame(8, stream: 0, [0, 0, 1]), goAway: "FRAME_SIZE_ERROR"),
        .init("6.9", "WINDOW_UPDATE of 5 bytes", Frames.frame(8, stream: 0, [0, 0, 0, 1, 0]), goAway: "FRAME_SIZE_ERROR"),
        .init("6.9.1", "window beyond 2^31 - 1", Frames.windowUpdate(0x7fff_ffff, stream: 0), goAway: "FLOW_CONTROL_ERROR"),
        .init(
            "6.9.1", "window of a stream beyond 2^31 - 1", open + Frames.windowUpdate(0x7fff_ffff, stream: 1),
            reset: "FLOW_CONTROL_ERROR"),
        .init(
            "6.9.2", "window of a stream beyond 2^31 - 1 by SETTINGS",
            open + Frames.windowUpdate(0x7fff_0000, stream: 1) + Frames.settings([(4, 0x7fff_ffff)]), goAway: "FLOW_CONTROL_ERROR"
        ),
        .init("6.10", "CONTINUATION without HEADERS", Frames.continuation(1, []), goAway: "PROTOCOL_ERROR"),
        .init("6.10", "CONTINUATION behind END_HEADERS", open + Frames.continuation(1, []), goAway: "PROTOCOL_ERROR"),
        .init(
            "6.10", "CONTINUATION on stream 0", Frames.headers(1, flags: 0) + Frames.continuation(0, []), goAway: "PROTOCOL_ERROR"
        ),
        .init(
            "6.10", "CONTINUATION of another stream", Frames.headers(1, flags: 0) + Frames.continuation(3, []),
            goAway: "PROTOCOL_ERROR"),
        .init("6.10", "DATA inside a block", Frames.headers(1, flags: 0) + Frames.data(1, []), goAway: "PROTOCOL_ERROR"),
        .init("6.10", "PING inside a block", Frames.headers(1, flags: 0) + Frames.ping(), goAway: "PROTOCOL_ERROR"),
        .init(
            "6.10", "unknown frame inside a block", Frames.headers(1, flags: 0) + Frames.frame(0xbe, stream: 1),
            goAway: "PROTOCOL_ERROR"),
        .init(
            "6.10", "block in pieces",
            Frames.headers(9, .init(Frames.healthBlock.prefix(7)), flags: 0)
                + Frames.continuation(9, .init(Frames.healthBlock.dropFirst(7).prefix(1)))
                + Frames.continuation(9, .init(Frames.healthBlock.dropFirst(8)), flags: 4) + Frames.data(9, [0, 0, 0, 0, 0]),
            ConformanceCase.served(9)),
    ]

    @Test(arguments: cases) func ruleIsKept(of test: ConformanceCase) throws {
        #expect(try HTTP2Exchange.answer(to: Frames.hello + test.bytes) == test.answer)
    }

    @Test(arguments: [
        [UInt8]("GET / HTTP/1.1\r\nhost: a\r\n\r\n".utf8), [UInt8]("PRI * HTTP/2.1".utf8), Frames.settings(),
        Frames.preface + Frames.ping(), Frames.preface + Frames.settingsAck, Frames.preface + Frames.headers(1),
    ])
    func connectionBeginsWithPrefaceAndSettings(bytes: [UInt8]) throws {
        #expect(try HTTP2Exchange.answer(to: bytes) == ["GOAWAY PROTOCOL_ERROR", "closed"])
    }

    @Test func serverBeginsWithSettings() throws {
        let exchange = try HTTP2Exchange()
        let frames = try exchange.frames()
        #expect(frames.map(\.type) == [4, 8])
        #expect(frames.map(\.flags) == [0, 0])
        #expect(frames.last?.increment == 1024 * 1024 - 65_535)
    }

    @Test func settingsAreAcknowledged() throws {
        let exchange = try HTTP2Exchange()
        _ = try exchange.frames()
        try exchange.send(Frames.preface + Frames.settings([(4, 100)]) + Frames.settings())
        #expect(try exchange.frames().map { [$0.type, $0.flags] } == [[4, 1], [4, 1]])
    }

    @Test func pingComesBackWithItsData() throws {
        let exchange = try HTTP2Exchange()
        try exchange.send(Frames.hello + Frames.ping(0x0102_0304_0506_0708))
        let payload = try exchange.frames().last?.payload
        #expect(payload.map { [UInt8]($0.readableBytesView) } == [1, 2, 3, 4, 5, 6, 7, 8])
    }
}
