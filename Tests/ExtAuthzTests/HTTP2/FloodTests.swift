import NIOCore
import NIOHPACK
import Testing

/// What a client sends in masses to make the server work for nothing.
struct FloodTests {
    private struct Flood: Sendable, CustomTestStringConvertible {
        let name: String
        var first: [UInt8] = []
        let count: Int
        let part: @Sendable (UInt32) -> [UInt8]
        var testDescription: String { name }
    }

    private static let floods: [Flood] = [
        Flood(name: "CONTINUATION of nothing", first: Frames.headers(1, [], flags: 0), count: 100) { _ in
            Frames.continuation(1, [])
        },
        Flood(name: "header block without an end", first: Frames.headers(1, flags: 0), count: 100) { _ in
            Frames.continuation(1, .init(repeating: 0, count: 16_000))
        },
        Flood(name: "rapid reset", count: 1000) { Frames.headers($0 * 2 + 1) + Frames.reset($0 * 2 + 1) },
        Flood(name: "resets that we are made to send", count: 1000) { Frames.headers($0 * 2 + 1, Frames.block([("a", "b")])) },
        Flood(name: "resets by WINDOW_UPDATE", count: 1000) {
            Frames.headers($0 * 2 + 1) + Frames.windowUpdate(0, stream: $0 * 2 + 1)
        },
        Flood(name: "streams beyond the limit", count: 2000) { Frames.headers($0 * 2 + 1) },
        Flood(name: "resets of a stream that is gone", first: Frames.call(1), count: 1000) { _ in Frames.reset(1) },
        Flood(name: "SETTINGS", count: 1000) { _ in Frames.settings([(4, 1)]) },
        Flood(name: "PING", count: 1000) { Frames.ping(UInt64($0)) },
        Flood(name: "PRIORITY", count: 20_000) { Frames.frame(2, stream: $0 * 2 + 1, [0, 0, 0, 1, 1]) },
        Flood(name: "WINDOW_UPDATE", count: 20_000) { _ in Frames.windowUpdate(1, stream: 0) },
        Flood(name: "empty DATA", first: Frames.headers(1), count: 20_000) { _ in Frames.data(1, [], flags: 0) },
        Flood(name: "DATA on a stream that is gone", first: Frames.call(1), count: 20_000) { _ in Frames.data(1, [0]) },
        Flood(name: "unknown frames", count: 20_000) { _ in Frames.frame(0xbe, stream: 0) },
        Flood(name: "one field a thousand times", count: 1) { _ in
            Frames.headers(
                1, [0x40, 1, 0x61, 100] + [UInt8](repeating: 0x62, count: 100) + [UInt8](repeating: 0xbe, count: 10_000))
        },
    ]

    @Test(arguments: floods) private func connectionIsEndedCalmly(by flood: Flood) throws {
        let exchange = try HTTP2Exchange()
        try exchange.send(Frames.hello + flood.first)
        for number in 0..<flood.count { try exchange.send(flood.part(UInt32(number))) }
        #expect(try exchange.received().suffix(2) == ["GOAWAY ENHANCE_YOUR_CALM", "closed"])
    }

    /// A gateway whose clients go away resets calls as well, between others that end well.
    @Test func resetsBetweenCallsAreNoAttack() throws {
        let exchange = try HTTP2Exchange()
        try exchange.send(Frames.hello)
        for number in 0..<1000 {
            let id = UInt32(number) * 4 + 1
            try exchange.send(Frames.headers(id) + Frames.reset(id) + Frames.call(id + 2))
        }
        #expect(exchange.isOpen)
    }

    @Test func resetsOverTimeAreNoAttack() throws {
        let exchange = try HTTP2Exchange()
        try exchange.send(Frames.hello)
        for number in 0..<1000 {
            try exchange.send(Frames.headers(UInt32(number) * 2 + 1) + Frames.reset(UInt32(number) * 2 + 1))
            exchange.pass(.milliseconds(100))
        }
        #expect(exchange.isOpen)
    }

    @Test func bodiesOfAllStreamsTogetherAreBounded() throws {
        let exchange = try HTTP2Exchange()
        try exchange.send(Frames.hello)
        let part = [UInt8](repeating: 0, count: 16_384)
        var resets = 0
        for number in 0..<200 {
            let id = UInt32(number) * 2 + 1
            try exchange.send(Frames.headers(id) + Frames.data(id, [0, 0, 15, 0, 0] + part.dropFirst(5), flags: 0))
            for _ in 0..<9 { try exchange.send(Frames.data(id, part, flags: 0)) }
            resets += try exchange.received().filter { $0.hasSuffix("RST ENHANCE_YOUR_CALM") }.count
        }
        #expect(resets > 90)
    }
}
