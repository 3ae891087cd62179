/// A strict JSON reader (RFC 8259) for what others send us: duplicate names, deep nesting, garbage behind the value, lone
/// surrogates and invalid UTF-8 are refused. Foundation's readers keep the first or the last of duplicates without a word.
package struct JSONReader {
    package struct Refusal: Error, Equatable {
        package let reason: String
        /// Bytes read before the refusal.
        package let offset: Int
    }

    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0
    private let maximumDepth: Int

    /// - Parameters:
    ///   - maximumBytes: longer input is refused unread.
    ///   - maximumDepth: how many objects and arrays may be inside one another.
    package static func read(
        _ bytes: some Collection<UInt8>, maximumBytes: Int = 1 << 20, maximumDepth: Int = 32
    ) throws(Refusal) -> JSONValue {
        guard bytes.count <= maximumBytes else { throw Refusal(reason: "longer than \(maximumBytes) bytes", offset: 0) }
        var reader = JSONReader(bytes: Array(bytes), maximumDepth: maximumDepth)
        reader.skipBlanks()
        let value = try reader.value()
        reader.skipBlanks()
        guard reader.position == reader.bytes.count else { throw reader.refusal("something follows the value") }
        return value
    }

    private init(bytes: [UInt8], maximumDepth: Int) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func refusal(_ reason: String) -> Refusal { Refusal(reason: reason, offset: position) }

    private mutating func skipBlanks() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    private mutating func value() throws(Refusal) -> JSONValue {
        switch next {
        case UInt8(ascii: "{"): return try nested { (reader) throws(Refusal) in .object(try reader.object()) }
        case UInt8(ascii: "["): return try nested { (reader) throws(Refusal) in .array(try reader.array()) }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: return try number()
        }
    }

    private mutating func nested(
        _ read: (inout JSONReader) throws(Refusal) -> JSONValue
    ) throws(Refusal) -> JSONValue {
        depth += 1
        guard depth <= maximumDepth else { throw refusal("nested deeper than \(maximumDepth)") }
        position += 1
        let value = try read(&self)
        depth -= 1
        return value
    }

    private mutating func object() throws(Refusal) -> JSONObject {
        var object = JSONObject()
        var names: Set<[UInt8]> = []
        skipBlanks()
        if take(UInt8(ascii: "}")) { return object }
        while true {
            skipBlanks()
            guard next == UInt8(ascii: "\"") else { throw refusal("a member's name is missing") }
            let name = try string()
            guard names.insert(Array(name.utf8)).inserted else { throw refusal("a name stands twice in one object") }
            skipBlanks()
            guard take(UInt8(ascii: ":")) else { throw refusal("':' is missing") }
            skipBlanks()
            object.appendNew(name, try value())
            skipBlanks()
            if take(UInt8(ascii: "}")) { return object }
            guard take(UInt8(ascii: ",")) else { throw refusal("',' or '}' is missing") }
        }
    }

    private mutating func array() throws(Refusal) -> [JSONValue] {
        var values: [JSONValue] = []
        skipBlanks()
        if take(UInt8(ascii: "]")) { return values }
        while true {
            skipBlanks()
            values.append(try value())
            skipBlanks()
            if take(UInt8(ascii: "]")) { return values }
            guard take(UInt8(ascii: ",")) else { throw refusal("',' or ']' is missing") }
        }
    }

    private mutating func literal(_ text: StaticString, _ value: JSONValue) throws(Refusal) -> JSONValue {
        let matches = text.withUTF8Buffer { bytes[position...].starts(with: $0) }
        guard matches else { throw refusal("not a JSON value") }
        position += text.utf8CodeUnitCount
        return value
    }

    private mutating func string() throws(Refusal) -> String {
        position += 1
        var text: [UInt8] = []
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else { throw refusal("a string is not UTF-8") }
                return string
            case UInt8(ascii: "\\"): try escape(into: &text)
            case 0..<0x20: throw refusal("a control character stands in a string")
            default: text.append(byte)
            }
        }
        throw refusal("a string does not end")
    }

    private static let shortEscapes: [UInt8: UInt8] = [
        UInt8(ascii: "\""): 0x22, UInt8(ascii: "\\"): 0x5C, UInt8(ascii: "/"): 0x2F, UInt8(ascii: "b"): 0x08,
        UInt8(ascii: "f"): 0x0C, UInt8(ascii: "n"): 0x0A, UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09,
    ]

    private mutating func escape(into text: inout [UInt8]) throws(Refusal) {
        guard let letter = next else { throw refusal("a string does not end") }
        position += 1
        if let byte = Self.shortEscapes[letter] {
            text.append(byte)
        } else if letter == UInt8(ascii: "u") {
            text.append(contentsOf: Array(String(try unicodeEscape()).utf8))
        } else {
            throw refusal("an unknown escape stands in a string")
        }
    }

    private mutating func unicodeEscape() throws(Refusal) -> Unicode.Scalar {
        let unit = try fourHexDigits()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard (0xD800..<0xDC00).contains(unit), take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
            throw refusal("a lone surrogate stands in a string")
        }
        let low = try fourHexDigits()
        guard (0xDC00..<0xE000).contains(low), let scalar = Unicode.Scalar(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00))
        else { throw refusal("a lone surrogate stands in a string") }
        return scalar
    }

    private mutating func fourHexDigits() throws(Refusal) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw refusal("four hexadecimal digits must follow \\u")
            }
            position += 1
            unit = unit << 4 | UInt32(truncatingIfNeeded: digit)
        }
        return unit
    }

    private mutating func digits() -> Int {
        let start = position
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        return position - start
    }

    private mutating func number() throws(Refusal) -> JSONValue {
        let start = position
        _ = take(UInt8(ascii: "-"))
        let leadingZero = next == UInt8(ascii: "0")
        let whole = digits()
        guard whole > 0, whole == 1 || !leadingZero else { throw refusal("not a JSON value") }
        var isInteger = true
        if take(UInt8(ascii: ".")) {
            isInteger = false
            guard digits() > 0 else { throw refusal("a number ends in '.'") }
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isInteger = false
            _ = take(UInt8(ascii: "+")) || take(UInt8(ascii: "-"))
            guard digits() > 0 else { throw refusal("a number's exponent is missing") }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isInteger, let value = Int64(text) { return .integer(value) }
        guard let value = Double(text), value.isFinite else { throw refusal("a number is out of range") }
        return .number(value)
    }
}
