import JOSE

/// Writes values one after the other in few bytes, for `PackedReader` to read in the same order. It never leaves the process.
struct PackedWriter: ~Copyable {
    private(set) var bytes: [UInt8] = []

    mutating func write(byte: UInt8) { bytes.append(byte) }

    /// As they are, without how many.
    mutating func append(_ some: some Collection<UInt8>) { bytes.append(contentsOf: some) }

    /// Seven bits a byte, the lowest first.
    mutating func write(_ number: UInt64) {
        var rest = number
        while rest > 0x7F {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Numbers near 0 take a byte, whatever their sign.
    mutating func write(_ number: Int64) { write(UInt64(bitPattern: (number << 1) ^ (number >> 63))) }

    mutating func write(count: Int) { write(UInt64(truncatingIfNeeded: count)) }

    /// All 64 bits, the highest first.
    mutating func write(whole number: UInt64) {
        for shift in stride(from: UInt64(56), through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
    }

    /// All 16 bits.
    mutating func write(half number: UInt16) {
        bytes.append(UInt8(truncatingIfNeeded: number >> 8))
        bytes.append(UInt8(truncatingIfNeeded: number))
    }

    /// All 32 bits.
    mutating func write(word number: Int32) {
        write(half: UInt16(truncatingIfNeeded: number >> 16))
        write(half: UInt16(truncatingIfNeeded: number))
    }

    mutating func write(_ some: [UInt8]) {
        write(count: some.count)
        bytes.append(contentsOf: some)
    }

    mutating func write(_ text: String) {
        write(count: text.utf8.count)
        bytes.append(contentsOf: text.utf8)
    }

    /// A text that others have as well: its number, or itself where there is no room among `texts`.
    mutating func write(_ text: String, among texts: inout KnownTexts) {
        if let number = texts.number(of: text) {
            write(count: number << 1 | 1)
        } else {
            write(count: text.utf8.count << 1)
            bytes.append(contentsOf: text.utf8)
        }
    }

    mutating func write<Value>(_ value: Value?, _ body: (inout PackedWriter, Value) -> Void) {
        write(byte: value == nil ? 0 : 1)
        if let value { body(&self, value) }
    }
}

/// Reads what a `PackedWriter` has written.
struct PackedReader: ~Copyable {
    /// The bytes are not those of a writer, or were read in another order.
    struct Damaged: Error {}

    private let bytes: ArraySlice<UInt8>
    private var position: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    var isAtEnd: Bool { position >= bytes.endIndex }

    mutating func byte() throws(Damaged) -> UInt8 {
        guard position < bytes.endIndex else { throw Damaged() }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func unsigned() throws(Damaged) -> UInt64 {
        var number: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            let byte = try byte()
            number |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return number }
        }
        throw Damaged()
    }

    mutating func integer() throws(Damaged) -> Int64 {
        let number = try unsigned()
        return Int64(bitPattern: (number >> 1) ^ (0 &- (number & 1)))
    }

    /// Of something that is written with a byte at least each, so never more than what is left.
    mutating func count() throws(Damaged) -> Int { try count(unsigned()) }

    private func count(_ number: UInt64) throws(Damaged) -> Int {
        guard let count = Int(exactly: number), count <= bytes.endIndex - position else { throw Damaged() }
        return count
    }

    mutating func whole() throws(Damaged) -> UInt64 {
        var number: UInt64 = 0
        for _ in 0..<8 { number = number << 8 | UInt64(try byte()) }
        return number
    }

    mutating func bytes(_ count: Int) throws(Damaged) -> ArraySlice<UInt8> {
        guard count >= 0, count <= bytes.endIndex - position else { throw Damaged() }
        defer { position += count }
        return bytes[position..<position + count]
    }

    mutating func byteSlice() throws(Damaged) -> ArraySlice<UInt8> { try bytes(try count()) }

    mutating func text() throws(Damaged) -> String { String(decoding: try byteSlice(), as: UTF8.self) }

    mutating func text(among texts: KnownTexts) throws(Damaged) -> String {
        let number = try unsigned()
        guard number & 1 == 1 else { return String(decoding: try bytes(try count(number >> 1)), as: UTF8.self) }
        guard let index = Int(exactly: number >> 1), let text = texts[index] else { throw Damaged() }
        return text
    }

    mutating func optional<Value>(_ body: (inout PackedReader) throws(Damaged) -> Value) throws(Damaged) -> Value? {
        try byte() == 0 ? nil : body(&self)
    }

    mutating func list<Value>(_ body: (inout PackedReader) throws(Damaged) -> Value) throws(Damaged) -> [Value] {
        let count = try count()
        var values: [Value] = []
        values.reserveCapacity(count)
        for _ in 0..<count { values.append(try body(&self)) }
        return values
    }
}

// JSON values: names and the elements of lists (groups, roles) are what people have in common.

extension PackedWriter {
    mutating func write(_ value: JSONValue, among texts: inout KnownTexts, inList: Bool = false) {
        switch value {
        case .null: write(byte: 0)
        case .bool(let flag): write(byte: flag ? 2 : 1)
        case .integer(let number):
            write(byte: 3)
            write(number)
        case .number(let number):
            write(byte: 4)
            write(whole: number.bitPattern)
        case .string(let text):
            write(byte: inList ? 6 : 5)
            if inList { write(text, among: &texts) } else { write(text) }
        case .array(let values):
            write(byte: 7)
            write(count: values.count)
            for value in values { write(value, among: &texts, inList: true) }
        case .object(let object):
            write(byte: 8)
            write(object, among: &texts)
        }
    }

    mutating func write(_ object: JSONObject, among texts: inout KnownTexts) {
        write(count: object.members.count)
        for member in object.members {
            write(member.name, among: &texts)
            write(member.value, among: &texts)
        }
    }
}

extension PackedReader {
    mutating func value(among texts: KnownTexts) throws(Damaged) -> JSONValue {
        switch try byte() {
        case 0: .null
        case 1: .bool(false)
        case 2: .bool(true)
        case 3: .integer(try integer())
        case 4: .number(Double(bitPattern: try whole()))
        case 5: .string(try text())
        case 6: .string(try text(among: texts))
        case 7: .array(try list { (reader) throws(Damaged) in try reader.value(among: texts) })
        case 8: .object(try object(among: texts))
        default: throw Damaged()
        }
    }

    mutating func object(among texts: KnownTexts) throws(Damaged) -> JSONObject {
        JSONObject(
            unique: try list { (reader) throws(Damaged) in
                JSONObject.Member(name: try reader.text(among: texts), value: try reader.value(among: texts))
            })
    }
}
