/// Reads the presentation language of TLS (RFC 8446 section 3) from the front of some bytes; nil where there are too few.
struct TLSBytes {
    private let bytes: [UInt8]
    private(set) var consumed = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { consumed == bytes.count }

    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count >= 0, count <= bytes.count - consumed else { return nil }
        defer { consumed += count }
        return bytes[consumed..<consumed + count]
    }

    mutating func byte() -> UInt8? { take(1)?.first }

    mutating func number16() -> Int? {
        guard let pair = take(2), let high = pair.first, let low = pair.last else { return nil }
        return Int(high) << 8 | Int(low)
    }

    /// `opaque <0..2^8-1>`
    mutating func vector8() -> ArraySlice<UInt8>? { byte().flatMap { take(Int($0)) } }

    /// `opaque <0..2^16-1>`
    mutating func vector16() -> ArraySlice<UInt8>? { number16().flatMap { take($0) } }
}
