import NIOCore
import NIOEmbedded
import Testing

/// How a connection ends: asked to, left alone, or stuck.
struct LeavingTests {
    private func exchange(_ bytes: [UInt8] = []) throws -> HTTP2Exchange {
        let exchange = try HTTP2Exchange()
        try exchange.send(Frames.hello + bytes)
        _ = try exchange.frames()
        return exchange
    }

    private func drain(_ exchange: HTTP2Exchange) {
        exchange.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    }

    /// The ACK of the PING that comes with the first GOAWAY.
    private func ack(_ frames: [ReceivedFrame]) -> [UInt8] {
        frames.filter { $0.type == 6 }.flatMap { Frames.frame(6, 1, stream: 0, [UInt8]($0.payload.readableBytesView)) }
    }

    @Test func drainAnnouncesFirst() throws {
        let exchange = try exchange()
        drain(exchange)
        let frames = try exchange.frames()
        #expect(frames.compactMap(\.summary) == ["GOAWAY NO_ERROR", "PING"])
        #expect(frames.first?.lastStream == 0x7fff_ffff)
    }

    @Test func idleConnectionClosesWhenTheClientKnows() throws {
        let exchange = try exchange()
        drain(exchange)
        try exchange.send(ack(exchange.frames()))
        #expect(try exchange.received() == ["GOAWAY NO_ERROR", "closed"])
    }

    @Test func callOnItsWayIsServedWhileDraining() throws {
        let exchange = try exchange()
        drain(exchange)
        let ack = ack(try exchange.frames())
        try exchange.send(Frames.call(1) + ack)
        let expected = ConformanceCase.served(1) + ["GOAWAY NO_ERROR", "closed"]
        #expect(try exchange.received() == expected)
    }

    @Test func streamsInFlightAreFinished() throws {
        let exchange = try exchange(Frames.headers(1, Frames.healthBlock))
        drain(exchange)
        try exchange.send(ack(exchange.frames()))
        let last = try exchange.frames()
        #expect(last.compactMap(\.summary) == ["GOAWAY NO_ERROR"])
        #expect(last.first?.lastStream == 1)
        try exchange.send(Frames.headers(3) + Frames.data(1, [0, 0, 0, 0, 0]))
        let expected = ["3 RST REFUSED_STREAM"] + ConformanceCase.served(1) + ["closed"]
        #expect(try exchange.received() == expected)
    }

    @Test func clientThatLeavesGetsItsAnswers() throws {
        let exchange = try exchange(Frames.headers(1, Frames.healthBlock))
        try exchange.send(Frames.goAway)
        #expect(try exchange.received() == [])
        try exchange.send(Frames.data(1, [0, 0, 0, 0, 0]))
        let expected = ConformanceCase.served(1) + ["GOAWAY NO_ERROR", "closed"]
        #expect(try exchange.received() == expected)
    }

    @Test func idleConnectionIsDrained() throws {
        let exchange = try exchange(Frames.call(1))
        exchange.pass(.seconds(299))
        #expect(try exchange.received() == [])
        exchange.pass(.seconds(2))
        #expect(try exchange.received() == ["GOAWAY NO_ERROR", "PING"])
        exchange.pass(.seconds(12))
        #expect(try exchange.received() == ["GOAWAY NO_ERROR", "closed"])
    }

    @Test func messageThatDoesNotComeEndsItsCall() throws {
        let exchange = try exchange(Frames.headers(1) + Frames.data(1, [0, 0], flags: 0))
        exchange.pass(.seconds(12))
        #expect(try exchange.received() == ["1 END grpc-status 4", "1 RST NO_ERROR"])
    }

    @Test func callThatIsBeingDecidedMayTakeLonger() throws {
        let exchange = try exchange(Frames.headers(1) + Frames.data(1, Frames.check))
        exchange.pass(.seconds(60))
        #expect(try exchange.received() == [])
    }

    @Test(
        arguments: [
            ([], "PROTOCOL_ERROR"), (Frames.preface, "PROTOCOL_ERROR"), (Frames.preface + Frames.settings(), "SETTINGS_TIMEOUT"),
            (Frames.hello + [0, 0, 8], "ENHANCE_YOUR_CALM"), (Frames.hello + Frames.headers(1, flags: 0), "ENHANCE_YOUR_CALM"),
        ] as [([UInt8], String)])
    func whatDoesNotEndIsEnded(bytes: [UInt8], code: String) throws {
        let exchange = try HTTP2Exchange()
        try exchange.send(bytes)
        exchange.pass(.seconds(12))
        #expect(try exchange.received() == ["GOAWAY \(code)", "closed"])
    }

    /// One byte every five seconds is no progress.
    @Test func frameInDropsIsEnded() throws {
        let exchange = try exchange()
        for byte in Frames.ping().prefix(4) {
            try exchange.send([byte])
            exchange.pass(.seconds(5))
        }
        #expect(try exchange.received() == ["GOAWAY ENHANCE_YOUR_CALM", "closed"])
    }

    @Test func bytesBehindTheEndAreDropped() throws {
        #expect(
            try HTTP2Exchange.answer(to: Frames.hello + Frames.reset(0) + Frames.call(1) + Frames.ping())
                == ["GOAWAY PROTOCOL_ERROR", "closed"])
    }
}
