import JOSE

/// Makes the bytes of a record: a version byte, and behind it the fields in an order that never changes. Later versions only add
/// behind, so that of two versions side by side each reads what the other has written.
struct RecordWriter {
    static let version: UInt8 = 1

    private(set) var bytes: [UInt8] = [version]

    mutating func write(_ number: Int64) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func write(_ moment: UnixTime) { write(moment.seconds) }

    mutating func write(_ flag: Bool) { bytes.append(flag ? 1 : 0) }

    mutating func write(_ content: [UInt8]) {
        var length = UInt64(content.count)
        while length >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: length) | 0x80)
            length >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: length))
        bytes.append(contentsOf: content)
    }

    mutating func write(_ text: String) { write(Array(text.utf8)) }

    mutating func write(_ secret: Secret) { write(secret.bytes) }

    mutating func write(_ members: JSONObject) { write(JSONValue.object(members).jsonBytes) }

    mutating func write(_ texts: [String]) {
        write(Int64(texts.count))
        for text in texts { write(text) }
    }

    /// A byte says whether there is a value.
    mutating func writeIfAny<Value>(_ value: Value?, _ write: (inout RecordWriter, Value) -> Void) {
        self.write(value != nil)
        if let value { write(&self, value) }
    }
}
