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
            let stop = Self.endOfPair(bytes, start..<end)
            position = stop + 1
            if let pair = Self.pair(bytes, start..<stop) { return pair }
        }
        return nil
    }

    /// Where the pair ends that begins with `range`: at a separator, or with it.
    package static func endOfPair(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
        var index = range.lowerBound
        while true {
            index = bytes.first(UInt8(ascii: ";"), or: UInt8(ascii: ","), in: index..<range.upperBound)
            guard index < range.upperBound, bytes[index] == UInt8(ascii: ","),
                !startsPair(bytes, index + 1, range.upperBound)
            else { return index }
            index += 1
        }
    }

    /// Whether a `name=` stands there, behind a comma.
    private static func startsPair(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        var index = start
        while index < end, bytes[index] == UInt8(ascii: " ") { index += 1 }
        let name = index
        while index < end, bytes[index].isTokenByte { index += 1 }
        return index > name && index < end && bytes[index] == UInt8(ascii: "=")
    }

    private static func pair(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Pair? {
        var equals = range.lowerBound
        while equals < range.upperBound, bytes[equals] != UInt8(ascii: "=") { equals += 1 }
        guard equals < range.upperBound else { return nil }
        let name = trimming(bytes, range.lowerBound..<equals)
        let value = trimming(bytes, equals + 1..<range.upperBound)
        guard !name.isEmpty else { return nil }
        for index in name where !bytes[index].isTokenByte { return nil }
        guard bytes.firstControl(in: value) == value.upperBound else { return nil }
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
