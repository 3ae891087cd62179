extension CBORValue {
    /// The one spelling that the reader takes: for what plays an authenticator in tests, and to hold the reader to it.
    package var encoded: [UInt8] {
        switch self {
        case .unsigned(let number): Self.head(0, number)
        case .negative(let number): Self.head(1, number)
        case .bytes(let bytes): Self.head(2, UInt64(bytes.count)) + bytes
        case .text(let text): Self.head(3, UInt64(text.utf8.count)) + Array(text.utf8)
        case .array(let values): Self.head(4, UInt64(values.count)) + values.flatMap(\.encoded)
        case .map(let map): Self.head(5, UInt64(map.entries.count)) + map.entries.flatMap { $0.key.encoded + $0.value.encoded }
        case .bool(let value): [value ? 0xF5 : 0xF4]
        case .null: [0xF6]
        }
    }

    private static func head(_ kind: UInt8, _ number: UInt64) -> [UInt8] {
        switch number {
        case 0..<24: return [kind << 5 | UInt8(truncatingIfNeeded: number)]
        case 24...0xFF: return [kind << 5 | 24] + bigEndian(number, 1)
        case 0x100...0xFFFF: return [kind << 5 | 25] + bigEndian(number, 2)
        case 0x1_0000...0xFFFF_FFFF: return [kind << 5 | 26] + bigEndian(number, 4)
        default: return [kind << 5 | 27] + bigEndian(number, 8)
        }
    }

    private static func bigEndian(_ number: UInt64, _ width: Int) -> [UInt8] {
        (0..<width).reversed().map { UInt8(truncatingIfNeeded: number >> UInt64($0 * 8)) }
    }
}
