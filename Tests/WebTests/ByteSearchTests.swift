import Testing

@testable import Web

/// The search by eight bytes finds what one finds that looks at each.
struct ByteSearchTests {
    @Test(arguments: [0, 1, 7, 8, 9, 15, 16, 17, 31])
    func findsTheFirstOfEveryByte(at place: Int) {
        for byte in UInt8.min...UInt8.max {
            for rest in [UInt8(ascii: "x"), 0x20, 0x80, 0xff, 0x7e] {
                var bytes = [UInt8](repeating: rest, count: 32)
                bytes[place] = byte
                expectTheSame(bytes, in: 0..<32)
                // What stands outside the range is not found.
                expectTheSame(bytes, in: min(1, place)..<place + 1)
                expectTheSame(bytes, in: min(place + 1, 32)..<32)
            }
        }
    }

    @Test func findsTheFirstOfSeveral() {
        for first in 0..<24 {
            for second in first..<24 {
                var bytes = [UInt8](repeating: 0x21, count: 24)
                (bytes[first], bytes[second]) = (0x1f, 0x00)
                expectTheSame(bytes, in: 0..<24)
                (bytes[first], bytes[second]) = (UInt8(ascii: ";"), UInt8(ascii: ","))
                expectTheSame(bytes, in: 0..<24)
            }
        }
    }

    private func expectTheSame(_ bytes: [UInt8], in range: Range<Int>) {
        let control = bytes[range].firstIndex { $0 < 0x20 || $0 == 0x7f } ?? range.upperBound
        #expect(bytes.span.firstControl(in: range) == control)
        let separator = bytes[range].firstIndex { $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: ",") } ?? range.upperBound
        #expect(bytes.span.first(UInt8(ascii: ";"), or: UInt8(ascii: ","), in: range) == separator)
    }
}
