import NIOCore
import Testing

/// However the bytes arrive, and whatever they are.
struct FeedingTests {
    static let conversations: [ConformanceCase] = FrameConformanceTests.cases + StreamConformanceTests.states

    /// Oversized frames are left out: they are refused by their header, and so before the rest could be fed.
    @Test(arguments: conversations) func byteByByteIsTheSameAsAtOnce(conversation: ConformanceCase) throws {
        let bytes = Frames.hello + conversation.bytes
        let exchange = try HTTP2Exchange()
        for byte in bytes { try exchange.send([byte]) }
        #expect(try exchange.received() == conversation.answer)
    }

    @Test(arguments: [2, 3, 8, 9, 10, 100]) func piecesOfASizeAreTheSameAsAtOnce(size: Int) throws {
        let calls = (0..<20).map { UInt32($0) * 2 + 1 }
        let bytes = Frames.hello + calls.flatMap(Frames.call)
        let exchange = try HTTP2Exchange()
        for start in stride(from: 0, to: bytes.count, by: size) {
            try exchange.send([UInt8](bytes[start..<min(start + size, bytes.count)]))
        }
        #expect(try exchange.received() == calls.flatMap { ConformanceCase.served(Int($0)) })
    }

    /// A run with the same seed is the same run.
    @Test(arguments: 0..<50) func damagedConversationsEndInOrder(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        for conversation in Self.conversations {
            var bytes = Frames.hello + Frames.call(1) + conversation.bytes + Frames.call(101)
            for _ in 0..<Int.random(in: 1...8, using: &random) { Self.damage(&bytes, &random) }
            let exchange = try HTTP2Exchange(StubAuthorizer(.allow))
            var rest = bytes[...]
            while !rest.isEmpty {
                let size = Int.random(in: 1...bytes.count, using: &random)
                try exchange.send([UInt8](rest.prefix(size)))
                rest = rest.dropFirst(size)
            }
            exchange.pass(.minutes(10))
            let received = try exchange.received()
            #expect(received.filter { $0 == "closed" } == ["closed"], "\(bytes)")
        }
    }

    private static func damage(_ bytes: inout [UInt8], _ random: inout SeededRandom) {
        let place = Int.random(in: Frames.preface.count..<bytes.count, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 2: bytes.remove(at: place)
        case 3: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
        default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 40)], at: place)
        }
    }
}

/// SplitMix64.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
