/// Reads DER (X.690 §10.1): tags of one byte, lengths in the only form that they may have.
struct DERReader {
    struct Malformed: Error {}

    struct Element {
        let tag: UInt8
        let content: Range<Int>
        /// With tag and length.
        let whole: Range<Int>
    }

    /// The tags that certificates are made of (X.690 §8, X.509).
    enum Tag {
        static let boolean: UInt8 = 0x01
        static let integer: UInt8 = 0x02
        static let bitString: UInt8 = 0x03
        static let octetString: UInt8 = 0x04
        static let objectIdentifier: UInt8 = 0x06
        static let utf8String: UInt8 = 0x0C
        static let printableString: UInt8 = 0x13
        static let ia5String: UInt8 = 0x16
        static let utcTime: UInt8 = 0x17
        static let generalizedTime: UInt8 = 0x18
        static let sequence: UInt8 = 0x30
        static let set: UInt8 = 0x31
    }

    private let bytes: [UInt8]
    private var position: Int
    private let end: Int

    init(_ bytes: [UInt8], _ range: Range<Int>? = nil) {
        let range = range ?? bytes.indices
        self.bytes = bytes
        position = range.lowerBound
        end = range.upperBound
    }

    var isAtEnd: Bool { position == end }

    /// `nil` behind the last element.
    mutating func next() throws(Malformed) -> Element? {
        guard position < end else { return nil }
        let start = position
        let tag = bytes[position]
        // Longer tags are in no certificate.
        guard tag & 0x1F != 0x1F else { throw Malformed() }
        position += 1
        let length = try length()
        guard length <= end - position else { throw Malformed() }
        let content = position..<(position + length)
        position = content.upperBound
        return Element(tag: tag, content: content, whole: start..<content.upperBound)
    }

    /// The next element, which has to be of this kind.
    mutating func next(_ tag: UInt8) throws(Malformed) -> Element {
        guard let element = try next(), element.tag == tag else { throw Malformed() }
        return element
    }

    /// The next element if it is of this kind.
    mutating func nextIf(_ tag: UInt8) throws(Malformed) -> Element? {
        guard position < end, bytes[position] == tag else { return nil }
        return try next()
    }

    private mutating func length() throws(Malformed) -> Int {
        guard position < end else { throw Malformed() }
        let first = bytes[position]
        position += 1
        if first < 0x80 { return Int(first) }
        let count = Int(first & 0x7F)
        guard (1...3).contains(count), count <= end - position, bytes[position] != 0 else { throw Malformed() }
        let length = bytes[position..<(position + count)].reduce(0) { $0 << 8 | Int($1) }
        position += count
        guard length >= 0x80 else { throw Malformed() }
        return length
    }
}
