/// Reads the pairs of a `cookie` field's value one after the other (RFC 6265, section 5.4). What is no `name=value` is skipped.
///
/// Some gateways join several fields with `,`; RFC 6265 allows no comma in a value, so a comma with a `name=` behind it
/// separates, and any other comma stays in the value (browsers do send such).
package struct CookieScanner: Sendable {
    package struct Pair: Sendable, Equatable {
        package let name: Range<Int>
        package let value: Range<Int>
    }

    private var position: Int

    /// - Parameter start: where the value begins in the bytes that `next` is given.
    package init(from start: Int = 0) {
        position = start
    }

    /// The next pair of the value that ends at `end`; `nil`: there is none.
    package mutating func next(in bytes: Span<UInt8>, until end: Int) -> Pair? {
        while position < end {
            let start = position
            var equals: Int?
            while position < end, !endsPair(bytes, end) {
                if equals == nil, bytes[position] == UInt8(ascii: "=") { equals = position }
                position += 1
            }
            let stop = position
            position += 1
            if let equals, let pair = Self.pair(bytes, start, equals, stop) { return pair }
        }
        return nil
    }

    private func endsPair(_ bytes: Span<UInt8>, _ end: Int) -> Bool {
        switch bytes[position] {
        case UInt8(ascii: ";"): true
        case UInt8(ascii: ","): Self.startsPair(bytes, position + 1, end)
        default: false
        }
    }

    private static func startsPair(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        var index = start
        while index < end, bytes[index] == UInt8(ascii: " ") { index += 1 }
        let name = index
        while index < end, bytes[index].isTokenByte { index += 1 }
        return index > name && index < end && bytes[index] == UInt8(ascii: "=")
    }

    private static func pair(_ bytes: Span<UInt8>, _ start: Int, _ equals: Int, _ end: Int) -> Pair? {
        let name = trimming(bytes, start..<equals)
        let value = trimming(bytes, equals + 1..<end)
        guard !name.isEmpty else { return nil }
        for index in name where !bytes[index].isTokenByte { return nil }
        for index in value where bytes[index].isControl { return nil }
        return Pair(name: name, value: value)
    }

    private static func trimming(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, bytes[start].isBlank { start += 1 }
        while start < end, bytes[end - 1].isBlank { end -= 1 }
        return start..<end
    }
}

extension UInt8 {
    fileprivate var isBlank: Bool { self == 0x20 || self == 0x09 }
}
