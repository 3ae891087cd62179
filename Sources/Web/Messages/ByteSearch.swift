/// Searches that look at eight bytes at a time: most bytes of a request are in values, where nothing is to be found.
extension Span where Element == UInt8 {
    /// The place of the first control character (below 0x20, or 0x7f) in `range`; its end where there is none.
    package func firstControl(in range: Range<Int>) -> Int {
        first(in: range, among: { $0.bytes(below: 0x20) | $0.bytes(equal: 0x7f) }, where: { $0.isControl })
    }

    /// The place of the first byte in `range` that is `one` or `other`; its end where there is none.
    package func first(_ one: UInt8, or other: UInt8, in range: Range<Int>) -> Int {
        first(in: range, among: { $0.bytes(equal: one) | $0.bytes(equal: other) }, where: { $0 == one || $0 == other })
    }

    /// The place of the first byte beyond ASCII in `range`; its end where there is none.
    package func firstBeyondASCII(in range: Range<Int>) -> Int {
        first(in: range, among: { $0.bytesBeyondASCII }, where: { $0 >= 0x80 })
    }

    /// - Parameter among: marks the bytes of a word that are looked for by their highest bit; those before the first are exact.
    @inline(__always)
    private func first(in range: Range<Int>, among: (UInt64) -> UInt64, where isIt: (UInt8) -> Bool) -> Int {
        var index = range.lowerBound
        while range.upperBound - index >= 8 {
            // Within the span's bounds, which the load checks; any eight bytes are a number.
            let word = UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
            let marks = among(word)
            if marks != 0 { return index + marks.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < range.upperBound, !isIt(self[index]) { index += 1 }
        return index
    }
}

extension UInt64 {
    private static let lows: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080

    /// Each byte that is less than `limit`, which is at most 0x80, by its highest bit. A borrow can mark only bytes above the first.
    @inline(__always)
    fileprivate func bytes(below limit: UInt8) -> UInt64 { (self &- Self.lows &* UInt64(limit)) & ~self & Self.highs }

    fileprivate var bytesBeyondASCII: UInt64 { self & Self.highs }

    @inline(__always)
    fileprivate func bytes(equal byte: UInt8) -> UInt64 { (self ^ Self.lows &* UInt64(byte)).bytes(below: 1) }
}
