import Testing
import WebAuthn

struct CBORReaderTests {
    /// RFC 8949 appendix A, as far as authenticators send such values.
    @Test(
        arguments: [
            ([0x00], CBORValue(0)), ([0x17], CBORValue(23)), ([0x18, 0x18], CBORValue(24)),
            ([0x19, 0x03, 0xE8], CBORValue(1000)),
            ([0x1A, 0x00, 0x0F, 0x42, 0x40], CBORValue(1_000_000)), ([0x20], CBORValue(-1)), ([0x38, 0x63], CBORValue(-100)),
            ([0x1B] + [UInt8](repeating: 0xFF, count: 8), .unsigned(.max)),
            ([0x3B] + [UInt8](repeating: 0xFF, count: 8), .negative(.max)), ([0xF4], .bool(false)), ([0xF5], .bool(true)),
            ([0xF6], .null), ([0x40], .bytes([])), ([0x44, 1, 2, 3, 4], .bytes([1, 2, 3, 4])), ([0x60], .text("")),
            ([0x62, 0xC3, 0xBC], .text("ü")), ([0x83, 1, 2, 3], .array([CBORValue(1), CBORValue(2), CBORValue(3)])),
            ([0xA1, 0x61, 0x61, 0x01], .map(CBORMap([.init(.text("a"), CBORValue(1))]))),
        ] as [([UInt8], CBORValue)])
    func reads(bytes: [UInt8], value: CBORValue) throws {
        #expect(try CBORReader.read(bytes) == value)
        #expect(value.encoded == bytes)
    }

    @Test(
        arguments: [
            ([], .ended), ([0x18], .ended), ([0x43, 1, 2], .ended), ([0x82, 1], .ended), ([0xA1, 1], .ended),
            // As long as memory allows, or longer.
            ([0x5B] + [UInt8](repeating: 0xFF, count: 8), .ended), ([0x9A, 0xFF, 0xFF, 0xFF, 0xFF, 0], .ended),
            ([0xBB, 0x7F] + [UInt8](repeating: 0xFF, count: 7), .ended), ([0x00, 0x00], .trailingBytes),
            // Not the shortest, or of no length.
            ([0x18, 0x17], .notCanonical), ([0x19, 0x00, 0xFF], .notCanonical), ([0x58, 0x01, 0x00], .notCanonical),
            ([0x1A, 0x00, 0x00, 0xFF, 0xFF], .notCanonical), ([0x1B, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF], .notCanonical),
            ([0x9F, 0xFF], .notCanonical), ([0x5F, 0xFF], .notCanonical), ([0x1C], .notCanonical),
            // Tags, fractions, undefined, other simple values.
            ([0xC0, 0x60], .unknownKind), ([0xF9, 0x00, 0x00], .unknownKind), ([0xFB, 0, 0, 0, 0, 0, 0, 0, 0], .unknownKind),
            ([0xF7], .unknownKind), ([0xE0], .unknownKind), ([0xFF], .unknownKind),
            ([0xA2, 1, 2, 1, 3], .repeatedKey), ([0xA1, 0x40, 0], .keyKind), ([0xA1, 0xF5, 0], .keyKind),
            ([0xA1, 0x80, 0], .keyKind), ([0x61, 0xFF], .notUTF8),
            ([UInt8](repeating: 0x81, count: 9) + [0], .tooDeep), ([UInt8](repeating: 0x81, count: 60_000) + [0], .tooDeep),
            ([UInt8](repeating: 0, count: CBORReader.maximumBytes + 1), .tooLong),
            ([0xB8, 65] + [UInt8](repeating: 0, count: 130), .tooLong),
        ] as [([UInt8], CBORReader.Refusal)])
    func refuses(bytes: [UInt8], refusal: CBORReader.Refusal) {
        #expect(throws: refusal) { try CBORReader.read(bytes) }
    }

    /// Composed and decomposed they are two texts, which Swift's `==` takes for one.
    @Test func keysAreComparedByTheirBytes() throws {
        let map = try CBORReader.read([0xA2, 0x62, 0xC3, 0xA9, 1, 0x63, 0x65, 0xCC, 0x81, 2]).map
        #expect(map?["\u{e9}"] == CBORValue(1) && map?["e\u{301}"] == CBORValue(2))
    }

    @Test func saysWhereAValueEnds() throws {
        let (value, length) = try CBORReader.readPrefix([0x41, 7, 0xFF, 0xFF])
        #expect(value == .bytes([7]) && length == 2)
    }

    @Test func numbersThatNoSignFitsAreNone() {
        #expect(CBORValue.unsigned(.max).integer == nil && CBORValue.negative(.max).integer == nil)
        #expect(CBORValue.negative(UInt64(Int64.max)).integer == .min)
    }
}
