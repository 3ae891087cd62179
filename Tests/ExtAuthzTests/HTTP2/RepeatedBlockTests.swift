import ExtAuthz
import NIOCore
import Testing

/// A block that comes again is not decoded again, and means what it would have.
struct RepeatedBlockTests {
    /// Seven fields from the table; an eighth, added by another call, moves each of them by one place.
    @Test func sameBytesMeanOtherFieldsOnceTheTableHasChanged() throws {
        let fields = Frames.healthRequest + [("x-last", "1")]
        let again = (0..<fields.count).map { UInt8(0x80 + 61 + fields.count - $0) }
        let bytes =
            Frames.hello + call(1, Frames.block(fields, representation: 0x40)) + call(3, again) + call(5, again)
            + call(7, Frames.block(Frames.healthRequest) + [0x40, 1, 0x78, 1, 0x79]) + call(9, again)
        // What was `:method` is `:scheme` by now.
        let served = [1, 3, 5, 7].flatMap(ConformanceCase.served)
        #expect(try HTTP2Exchange.answer(to: bytes) == served + ["9 RST PROTOCOL_ERROR"])
    }

    @Test func sameBytesMeanNothingOnceTheTableIsEmpty() throws {
        let names = Frames.healthRequest.count
        let again = (0..<names).map { UInt8(0x80 + 61 + names - $0) }
        let bytes =
            Frames.hello + call(1, Frames.block(Frames.healthRequest, representation: 0x40)) + call(3, again)
            + call(5, [0x20] + Frames.block(Frames.healthRequest)) + Frames.headers(7, again)
        let answer = try HTTP2Exchange.answer(to: bytes)
        #expect(answer.starts(with: [1, 3, 5].flatMap(ConformanceCase.served)))
        #expect(answer.contains { $0.contains("GOAWAY COMPRESSION_ERROR") })
    }

    @Test func refusedRequestIsRefusedEachTime() throws {
        let block = Frames.block([(":method", "POST"), (":scheme", "http")])
        let bytes = Frames.hello + Frames.headers(1, block) + Frames.headers(3, block)
        #expect(try HTTP2Exchange.answer(to: bytes) == ["1 RST PROTOCOL_ERROR", "3 RST PROTOCOL_ERROR"])
    }

    @Test(
        arguments: [
            ("nothing", [], true), ("indexed", [0x82, 0xbe], true), ("indexed, long", [0xff, 0x80, 0x01], true),
            ("literal", [0x00, 1, 0x61, 1, 0x62], true), ("literal, name by number", [0x04, 1, 0x2f], true),
            ("literal, name by long number", [0x0f, 0x10, 1, 0x2f], true), ("never indexed", [0x14, 1, 0x2f], true),
            ("Huffman", [0x04, 0x81, 0x63], true), ("without value", [0x04, 0], true),
            ("added to the table", [0x82, 0x44, 1, 0x2f], false), ("added, with its name", [0x40, 1, 0x61, 1, 0x62], false),
            ("size of the table", [0x20, 0x82], false), ("size of the table, large", [0x3f, 0xe1, 0x1f], false),
            ("an addition behind a literal", [0x04, 2, 0x2f, 0x2f, 0x44, 1, 0x2f], false),
            ("what looks like one inside a literal", [0x04, 2, 0x44, 0x40], true),
            ("a string that ends too early", [0x04, 3, 0x2f], false), ("a number without end", [0xff, 0x80], false),
            ("a number too large", [0xff, 0x80, 0x80, 0x80, 0x01], false),
        ] as [(String, [UInt8], Bool)])
    func tableIsKept(_ name: String, _ block: [UInt8], _ isKept: Bool) {
        #expect(RepeatedBlock.keepsTable(ByteBuffer(bytes: block).readableBytesView) == isKept, "\(name)")
    }

    private func call(_ stream: UInt32, _ block: [UInt8]) -> [UInt8] {
        Frames.headers(stream, block) + Frames.data(stream, [0, 0, 0, 0, 0])
    }
}
