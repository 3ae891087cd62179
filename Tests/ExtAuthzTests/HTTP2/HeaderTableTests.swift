import NIOCore
import NIOHPACK
import Testing

/// RFC 7541: the table that both sides keep.
struct HeaderTableTests {
    /// The second request names all of its fields by their place in the table.
    @Test func fieldsOfEarlierRequestsAreKnown() throws {
        let names = Frames.request.count
        let indexed = Frames.block(Frames.healthRequest, representation: 0x40)
        let again = (0..<names).map { UInt8(0x80 + 61 + names - $0) }
        let bytes =
            Frames.hello + Frames.headers(1, indexed) + Frames.data(1, [0, 0, 0, 0, 0])
            + Frames.headers(3, again) + Frames.data(3, [0, 0, 0, 0, 0])
        let expected = ConformanceCase.served(1) + ConformanceCase.served(3)
        #expect(try HTTP2Exchange.answer(to: bytes) == expected)
    }

    /// A refused stream's block counts as well.
    @Test func tableOutlivesARefusedStream() throws {
        let bytes = Frames.hello + Frames.headers(1, [0x40, 1, 0x61, 1, 0x62]) + Frames.headers(3, [0xbe])
        #expect(try HTTP2Exchange.answer(to: bytes) == ["1 RST PROTOCOL_ERROR", "3 RST PROTOCOL_ERROR"])
    }

    @Test func clientThatResizesItsTableIsAnsweredOnce() throws {
        let exchange = try HTTP2Exchange()
        try exchange.send(Frames.preface + Frames.settings([(1, 0)]) + Frames.settingsAck + Frames.call(1) + Frames.call(3))
        let blocks = try exchange.frames().filter { $0.type == 1 }.map { $0.payload.readableBytesView.first }
        #expect(blocks == [0x20, 0x00, 0x88, 0x00])
    }
}
