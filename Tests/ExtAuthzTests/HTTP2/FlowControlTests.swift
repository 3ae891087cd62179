import AuthService
import NIOCore
import SwiftProtobuf
import Testing

/// RFC 9113 sections 5.2 and 6.9: both windows, both ways.
struct FlowControlTests {
    /// A check whose answer is a page of about `size` bytes.
    private func exchange(page size: Int) throws -> HTTP2Exchange {
        try HTTP2Exchange(StubAuthorizer(.page(200, body: [UInt8](repeating: 0x61, count: size))))
    }

    private static func check(_ stream: UInt32) throws -> [UInt8] {
        let message: [UInt8] = try CheckMessageReaderTests.message().serializedBytes()
        return Frames.headers(stream) + Frames.data(stream, GRPCTestClient.framed(message))
    }

    private func sizes(_ frames: [ReceivedFrame], stream: UInt32 = 1) -> [Int] {
        frames.filter { $0.type == 0 && $0.stream == stream }.map(\.payload.readableBytes)
    }

    @Test func responseIsCutIntoFrames() throws {
        let exchange = try exchange(page: 40_000)
        try exchange.send(Frames.hello + Self.check(1))
        let frames = try exchange.frames()
        #expect(sizes(frames).prefix(2) == [16_384, 16_384])
        #expect(frames.last?.endsStream == true)
    }

    @Test func largerFramesAreUsedIfAllowed() throws {
        let exchange = try exchange(page: 40_000)
        try exchange.send(Frames.preface + Frames.settings([(5, 60_000)]) + Frames.settingsAck + Self.check(1))
        #expect(sizes(try exchange.frames()).count == 1)
    }

    @Test func streamWindowIsKept() throws {
        let exchange = try exchange(page: 1000)
        try exchange.send(Frames.preface + Frames.settings([(4, 10)]) + Frames.settingsAck + Self.check(1))
        #expect(sizes(try exchange.frames()) == [10])
        try exchange.send(Frames.windowUpdate(1, stream: 1))
        #expect(sizes(try exchange.frames()) == [1])
        try exchange.send(Frames.settings([(4, 15)]))
        #expect(sizes(try exchange.frames()) == [5])
        try exchange.send(Frames.windowUpdate(5000, stream: 1))
        #expect(try exchange.frames().last?.endsStream == true)
    }

    /// The window of SETTINGS made smaller goes below zero and has to be filled first.
    @Test func windowBelowZero() throws {
        let exchange = try exchange(page: 1000)
        try exchange.send(Frames.preface + Frames.settings([(4, 100)]) + Frames.settingsAck + Self.check(1))
        #expect(sizes(try exchange.frames()) == [100])
        try exchange.send(Frames.settings([(4, 0)]) + Frames.windowUpdate(100, stream: 1))
        #expect(sizes(try exchange.frames()) == [])
        try exchange.send(Frames.windowUpdate(3, stream: 1))
        #expect(sizes(try exchange.frames()) == [3])
    }

    @Test func connectionWindowIsKept() throws {
        let exchange = try exchange(page: 40_000)
        try exchange.send(Frames.hello + Self.check(1) + Self.check(3))
        let frames = try exchange.frames()
        let sent = (sizes(frames) + sizes(frames, stream: 3)).reduce(0, +)
        #expect(sent == 65_535)
        try exchange.send(Frames.windowUpdate(100_000, stream: 0))
        #expect(try exchange.frames().last?.endsStream == true)
    }

    @Test func responseWithoutBodyNeedsNoWindow() throws {
        let exchange = try exchange(page: 0)
        let bytes = Frames.preface + Frames.settings([(4, 0)]) + Frames.settingsAck + Frames.headers(1, flags: 5)
        try exchange.send(bytes)
        #expect(try exchange.received() == ["1 END grpc-status 12"])
    }

    @Test func windowThatStaysClosedEndsTheConnection() throws {
        let exchange = try exchange(page: 1000)
        try exchange.send(Frames.preface + Frames.settings([(4, 0)]) + Frames.settingsAck + Self.check(1))
        _ = try exchange.frames()
        exchange.pass(.seconds(9))
        #expect(try exchange.received() == [])
        exchange.pass(.seconds(3))
        #expect(try exchange.received() == ["GOAWAY ENHANCE_YOUR_CALM", "closed"])
    }

    @Test func responsesThatWaitAreBounded() throws {
        let exchange = try exchange(page: 1_000_000)
        try exchange.send(Frames.preface + Frames.settings([(4, 0)]) + Frames.settingsAck)
        for number in 0..<9 { try exchange.send(Self.check(UInt32(number) * 2 + 1)) }
        #expect(try exchange.received().suffix(2) == ["GOAWAY ENHANCE_YOUR_CALM", "closed"])
    }

    @Test func resetGivesUpWhatWaits() throws {
        let exchange = try exchange(page: 1_000_000)
        try exchange.send(Frames.preface + Frames.settings([(4, 0)]) + Frames.settingsAck)
        for number in 0..<20 {
            let id = UInt32(number) * 2 + 1
            try exchange.send(Self.check(id) + Frames.reset(id))
        }
        #expect(exchange.isOpen)
    }

    // MARK: What we receive

    @Test func windowsAreGivenBackOnceHalfUsed() throws {
        let exchange = try HTTP2Exchange()
        try exchange.send(Frames.hello + Frames.headers(1))
        _ = try exchange.frames()
        var updates: [[Int]] = []
        for number in 0..<64 {
            let part: [UInt8] =
                number == 0 ? [0, 0, 15, 255, 240] + .init(repeating: 0, count: 16_379) : .init(repeating: 0, count: 16_384)
            try exchange.send(Frames.data(1, part, flags: 0))
            updates += try exchange.frames().filter { $0.type == 8 }.map { [Int($0.stream), $0.increment] }
        }
        #expect(updates.filter { $0[0] == 1 } == Array(repeating: [1, 131_072], count: 8))
        #expect(updates.filter { $0[0] == 0 } == Array(repeating: [0, 524_288], count: 2))
    }

    @Test func dataOfStreamsThatAreGoneIsGivenBackToo() throws {
        let exchange = try HTTP2Exchange()
        try exchange.send(Frames.hello + Frames.headers(1, Frames.block([("a", "b")])))
        _ = try exchange.frames()
        for _ in 0..<100 { try exchange.send(Frames.data(1, .init(repeating: 0, count: 16_384), flags: 0)) }
        #expect(exchange.isOpen)
        #expect(try exchange.frames().filter { $0.type == 8 }.map(\.increment) == [524_288, 524_288, 524_288])
    }
}
