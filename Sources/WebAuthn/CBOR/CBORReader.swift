/// A strict CBOR reader (RFC 8949) for what authenticators send, which is CTAP2's canonical form: definite lengths, numbers as short as
/// they can be, no key twice, no tags, no floating point. The order of a map's keys is not looked at: it changes no meaning.
package struct CBORReader {
    package enum Refusal: Error, Equatable, Sendable {
        case tooLong
        case tooDeep
        /// It ends within a value.
        case ended
        /// Something follows the value.
        case trailingBytes
        /// A length that is longer than it has to be, or not said at all.
        case notCanonical
        /// A tag, a number with a fraction, or a simple value that nobody sends.
        case unknownKind
        case repeatedKey
        case notUTF8
        /// A map whose keys are neither numbers nor texts.
        case keyKind
    }

    package static let maximumBytes = 64 * 1024
    package static let maximumDepth = 8
    /// Looking for repeated keys is quadratic; no map of an authenticator's is as large.
    private static let maximumEntries = 64

    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    /// Reads bytes that are one value and nothing else.
    package static func read(_ bytes: some Collection<UInt8>) throws(Refusal) -> CBORValue {
        let (value, length) = try readPrefix(bytes)
        guard length == bytes.count else { throw .trailingBytes }
        return value
    }

    /// Reads the value that the bytes begin with.
    /// - Returns: with it, how many bytes it takes.
    package static func readPrefix(_ bytes: some Collection<UInt8>) throws(Refusal) -> (value: CBORValue, length: Int) {
        guard bytes.count <= maximumBytes else { throw .tooLong }
        var reader = CBORReader(bytes: Array(bytes))
        let value = try reader.value()
        return (value, reader.position)
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var rest: Int { bytes.count - position }

    private mutating func value() throws(Refusal) -> CBORValue {
        guard rest > 0 else { throw .ended }
        let first = bytes[position]
        position += 1
        let detail = first & 0x1F
        switch first >> 5 {
        case 0: return .unsigned(try number(detail))
        case 1: return .negative(try number(detail))
        case 2: return .bytes(Array(try run(detail)))
        case 3:
            guard let text = String(validating: try run(detail), as: UTF8.self) else { throw .notUTF8 }
            return .text(text)
        case 4: return .array(try array(detail))
        case 5: return .map(try map(detail))
        case 7: return try simple(detail)
        default: throw .unknownKind
        }
    }

    /// The number behind a first byte, in the only form that it may have.
    private mutating func number(_ detail: UInt8) throws(Refusal) -> UInt64 {
        guard detail >= 24 else { return UInt64(detail) }
        guard detail <= 27 else { throw .notCanonical }
        let width = 1 << Int(detail - 24)
        guard width <= rest else { throw .ended }
        let number = bytes[position..<(position + width)].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        position += width
        let leastOfWidth: UInt64 = width == 1 ? 24 : 1 << UInt64(width * 4)
        guard number >= leastOfWidth else { throw .notCanonical }
        return number
    }

    /// A length in elements of at least one byte each: more than there are bytes is refused before anything is made of it.
    private mutating func count(_ detail: UInt8) throws(Refusal) -> Int {
        guard let count = Int(exactly: try number(detail)), count <= rest else { throw .ended }
        return count
    }

    private mutating func run(_ detail: UInt8) throws(Refusal) -> ArraySlice<UInt8> {
        let count = try count(detail)
        defer { position += count }
        return bytes[position..<(position + count)]
    }

    private mutating func array(_ detail: UInt8) throws(Refusal) -> [CBORValue] {
        let count = try count(detail)
        try goDeeper()
        defer { depth -= 1 }
        var values: [CBORValue] = []
        for _ in 0..<count { values.append(try value()) }
        return values
    }

    private mutating func map(_ detail: UInt8) throws(Refusal) -> CBORMap {
        let count = try count(detail)
        guard count <= Self.maximumEntries else { throw .tooLong }
        try goDeeper()
        defer { depth -= 1 }
        var entries: [CBORMap.Entry] = []
        for _ in 0..<count {
            let key = try key()
            guard !entries.contains(where: { $0.key.isSame(as: key) }) else { throw .repeatedKey }
            entries.append(CBORMap.Entry(key, try value()))
        }
        return CBORMap(entries)
    }

    private mutating func key() throws(Refusal) -> CBORValue {
        let key = try value()
        switch key {
        case .unsigned, .negative, .text: return key
        case .bytes, .array, .map, .bool, .null: throw .keyKind
        }
    }

    private mutating func goDeeper() throws(Refusal) {
        guard depth < Self.maximumDepth else { throw .tooDeep }
        depth += 1
    }

    private func simple(_ detail: UInt8) throws(Refusal) -> CBORValue {
        switch detail {
        case 20: .bool(false)
        case 21: .bool(true)
        case 22: .null
        default: throw .unknownKind
        }
    }
}
